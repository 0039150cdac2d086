namespace Acm.Client;

/// <summary>Options of a watcher.</summary>
public sealed record WatchOptions
{
    /// <summary>Gets whether initial values are not reported.</summary>
    public bool NoInitial { get; init; }

    /// <summary>
    /// Gets whether changes of type, tags, description or application name are reported without a change of content. Requires a server that pushes them (newer Nacos 3 over gRPC) and permission to read stored values.
    /// </summary>
    public bool IncludeMetadata { get; init; }

    /// <summary>Gets the interval for comparing values if servers do not report changes; null for 10 s. The shortest one of a namespace's watchers applies.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Gets how changes are detected.</summary>
    public AcmWatchTransport Transport { get; init; }

    /// <summary>Gets the queue that serializes callbacks with other watchers; null for none.</summary>
    public CallbackQueue? Lane { get; init; }
}
