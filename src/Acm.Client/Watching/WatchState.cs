namespace Acm.Client;

/// <summary>How the watching of a key goes.</summary>
public enum WatchState
{
    /// <summary>No server has told of the key yet.</summary>
    Connecting,

    /// <summary>A server holds a poll for it, or a failover file stands for it.</summary>
    Watching,

    /// <summary>It could not be asked for or read, and is tried again after a pause.</summary>
    BackingOff,

    /// <summary>The watcher has ended.</summary>
    Stopped,
}
