namespace Acm.Client;

/// <summary>The state of a watched key.</summary>
public enum WatchState
{
    /// <summary>No server has answered for the key yet.</summary>
    Connecting,

    /// <summary>The key is watched, or replaced by a failover file.</summary>
    Watching,

    /// <summary>The last request or read failed and is retried after a delay.</summary>
    BackingOff,

    /// <summary>The watcher ended.</summary>
    Stopped,
}
