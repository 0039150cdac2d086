namespace Acm.Client.Transfer.Sources;

/// <summary>A configuration of a set, without its content.</summary>
internal sealed class SetEntry
{
    public required ConfigKey Key { get; init; }

    /// <summary>Gets the relative path of its file; null if it is not a file.</summary>
    public string? Path { get; init; }

    /// <summary>Gets the metadata that is known without reading the content.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Gets the MD5 of the stored value in lower-case hexadecimal, from a list; null if unknown.</summary>
    public string? Md5 { get; init; }

    /// <summary>Gets the entry in the record of the export; null if there is none.</summary>
    public TransferRecordEntry? Record { get; init; }
}
