namespace Acm.Client.Transfer;

/// <summary>What a file's name and text do not tell themselves.</summary>
internal sealed record TransferRecordEntry
{
    /// <summary>The configuration.</summary>
    public required ConfigKey Key { get; init; }

    /// <summary>Whether the file holds an encrypted configuration as the server has it, which is published as it is.</summary>
    public bool IsCipherText { get; init; }

    /// <summary>The data key that travels beside envelope-encrypted content; null for all other content.</summary>
    public string? EncryptedDataKey { get; init; }

    /// <summary>The application name that is stored with the configuration; null for none.</summary>
    public string? AppName { get; init; }

    /// <summary>MD5 of the file where it holds cipher text, in lower-case hex: cipher text that was edited can't be decrypted. Null for all other content.</summary>
    public string? Md5 { get; init; }
}
