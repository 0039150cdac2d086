namespace Acm.Client.Transfer;

/// <summary>What the record contains about a file.</summary>
internal sealed record TransferRecordEntry
{
    /// <summary>Gets the configuration.</summary>
    public required ConfigKey Key { get; init; }

    /// <summary>Gets whether the file contains cipher text, which is published unchanged.</summary>
    public bool IsCipherText { get; init; }

    /// <summary>Gets the metadata; the data key belongs to cipher text.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Gets the MD5 of cipher text in lower-case hexadecimal, because edited cipher text cannot be decrypted. Null for other content.</summary>
    public string? Md5 { get; init; }
}
