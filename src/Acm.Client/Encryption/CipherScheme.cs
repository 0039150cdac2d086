namespace Acm.Client.Encryption;

/// <summary>How a configuration is encrypted, determined by the prefix of its data ID.</summary>
internal enum CipherScheme
{
    /// <summary>Not encrypted.</summary>
    None,

    /// <summary>KMS encrypts the content itself.</summary>
    Direct,

    /// <summary>A data key from KMS encrypts the content with AES-128.</summary>
    Envelope128,

    /// <summary>A data key from KMS encrypts the content with AES-256.</summary>
    Envelope256,
}

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
