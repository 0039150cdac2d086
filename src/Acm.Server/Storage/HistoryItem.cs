namespace Acm.Server.Storage;

/// <summary>
/// A change with a content, as in Nacos: the inserted content of an insertion, or the previous content of an update or removal.
/// </summary>
internal sealed record HistoryItem
{
    public required long Revision { get; init; }

    public required ConfigKey Key { get; init; }

    /// <summary>Gets the name of the gray version; empty for the formal one.</summary>
    public required string Gray { get; init; }

    /// <summary>Gets the ID of the configuration; 0 for changes written by servers before schema version 2.</summary>
    public long ConfigId { get; init; }

    public required Operation Operation { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? By { get; init; }

    /// <summary>Gets the user who published the content.</summary>
    public string? ShownBy { get; init; }

    public string From { get; init; } = "";

    public string Md5 { get; init; } = "";

    public string Charset { get; init; } = Charsets.Text;

    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    public GrayRule? Rule { get; init; }

    /// <summary>Gets the revision with the content.</summary>
    public long ContentRevision { get; init; }
}
