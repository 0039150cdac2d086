namespace Acm.Client;

/// <summary>What a watcher wants to be told.</summary>
public sealed record WatchOptions
{
    /// <summary>Tell changes only, not the values that are there when the watcher begins.</summary>
    public bool NoInitial { get; init; }

    /// <summary>
    /// Tell also a change of type, tags, description or application name that leaves the content alone. It is told where the servers push it (newer Nacos 3 over gRPC), and the user may see what is stored.
    /// </summary>
    public bool IncludeMetadata { get; init; }

    /// <summary>How often values are compared where the servers tell of no change; null for 10 s. Of watchers of one namespace the shortest counts.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>How changes are noticed.</summary>
    public AcmWatchTransport Transport { get; init; }

    /// <summary>What the watcher shares with others of which one callback is to run at a time; null for none.</summary>
    public CallbackQueue? Lane { get; init; }
}
