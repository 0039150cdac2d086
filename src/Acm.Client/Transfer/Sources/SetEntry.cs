namespace Acm.Client.Transfer.Sources;

/// <summary>A configuration of a set, without its content.</summary>
internal sealed class SetEntry
{
    public required ConfigKey Key { get; init; }

    /// <summary>Its file, relative to the set; null where it is none.</summary>
    public string? Path { get; init; }

    /// <summary>What is stored beside its content, as far as that is known without reading it.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>MD5 of what is stored in lower-case hex, where a list tells it; else null.</summary>
    public string? Md5 { get; init; }

    /// <summary>What an export recorded of it; null where nothing was.</summary>
    public TransferRecordEntry? Record { get; init; }
}
