namespace Acm.Client;

/// <summary>How the watching of one key by one watcher goes, at the moment it was asked.</summary>
public sealed class WatchedKey
{
    /// <summary>The key.</summary>
    public required ConfigKey Key { get; init; }

    /// <summary>Whether it is being watched.</summary>
    public required WatchState State { get; init; }

    /// <summary>When this watcher was last told something of it; null where it was told nothing yet.</summary>
    public DateTimeOffset? LastChange { get; init; }

    /// <summary>What last went wrong: with the server, with the value, or in the callback. It stays when all is well again; null where nothing went wrong yet.</summary>
    public string? LastError { get; init; }

    /// <summary>When <see cref="LastError"/> came; null where nothing went wrong yet.</summary>
    public DateTimeOffset? LastErrorTime { get; init; }

    /// <summary>How changes of it are noticed now; null while it is not being watched. Never <see cref="AcmWatchTransport.Auto"/>.</summary>
    public AcmWatchTransport? Transport { get; init; }

    /// <summary>The server that was last heard of in this way, as <c>host:port</c>; null before.</summary>
    public string? Server { get; init; }

    /// <summary>When that server was last heard of; null before.</summary>
    public DateTimeOffset? LastContact { get; init; }

    /// <summary>How often this watcher was told something of it.</summary>
    public required long Delivered { get; init; }
}
