namespace Acm.Client.Encryption;

/// <summary>The case-sensitive prefixes of encrypted data IDs.</summary>
internal static class CipherPrefix
{
    public const string Direct = "cipher-";
    public const string Envelope128 = "cipher-kms-aes-128-";
    public const string Envelope256 = "cipher-kms-aes-256-";

    /// <summary>Returns the scheme of a data ID; the longest prefix wins.</summary>
    public static CipherScheme SchemeOf(string dataId) =>
        !dataId.StartsWith(Direct, StringComparison.Ordinal) ? CipherScheme.None
        : dataId.StartsWith(Envelope128, StringComparison.Ordinal) ? CipherScheme.Envelope128
        : dataId.StartsWith(Envelope256, StringComparison.Ordinal) ? CipherScheme.Envelope256
        : CipherScheme.Direct;
}
