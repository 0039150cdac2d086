namespace Acm.Client.Transfer;

/// <summary>What a file's name and text do not tell themselves.</summary>
internal sealed record TransferRecordEntry
{
    /// <summary>The configuration.</summary>
    public required ConfigKey Key { get; init; }

    /// <summary>Whether the file holds an encrypted configuration as the server has it, which is published as it is.</summary>
    public bool IsCipherText { get; init; }

    /// <summary>What is stored beside the content. The data key is that of cipher text.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>MD5 of the file where it holds cipher text, in lower-case hex: cipher text that was edited can't be decrypted. Null for all other content.</summary>
    public string? Md5 { get; init; }
}
