namespace Acm.Server.Storage;

/// <summary>
/// A change as people look back at it: an insertion with what was inserted, an update or a removal with what there was before it.
/// </summary>
internal sealed record HistoryItem
{
    public required long Revision { get; init; }

    public required ConfigKey Key { get; init; }

    /// <summary>The name of the gray version; blank for the formal one.</summary>
    public required string Gray { get; init; }

    /// <summary>The id of the configuration, which it keeps until it is removed; zero where an older server wrote the change.</summary>
    public long ConfigId { get; init; }

    public required Operation Operation { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? By { get; init; }

    /// <summary>Who made what is shown.</summary>
    public string? ShownBy { get; init; }

    public string From { get; init; } = "";

    public string Md5 { get; init; } = "";

    public string Charset { get; init; } = Charsets.Text;

    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    public GrayRule? Rule { get; init; }

    /// <summary>The revision that holds the content.</summary>
    public long ContentRevision { get; init; }
}
