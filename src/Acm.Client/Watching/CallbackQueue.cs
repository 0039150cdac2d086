namespace Acm.Client;

/// <summary>
/// Serializes the callbacks of several watchers, also of different clients. Waiting watchers do not count towards
/// <see cref="AcmClientOptions.CallbackConcurrency"/>, take turns, and receive the latest value. Thread-safe.
/// </summary>
public sealed class CallbackQueue
{
    private readonly object _gate = new();
    private readonly LinkedList<ConfigWatcher> _waiting = new();
    private bool _isTaken;

    /// <summary>Queues a watcher with a pending change.</summary>
    /// <returns>Whether it may run immediately.</returns>
    internal bool Enter(ConfigWatcher watcher)
    {
        lock (_gate)
        {
            if (!_isTaken) return _isTaken = true;

            _waiting.AddLast(watcher);
            return false;
        }
    }

    /// <summary>Passes the turn to the next watcher.</summary>
    /// <param name="comesAgain">The current watcher if it has more changes, to be queued again; null otherwise.</param>
    /// <returns>The next watcher; null if none is queued.</returns>
    internal ConfigWatcher? Pass(ConfigWatcher? comesAgain)
    {
        lock (_gate)
        {
            if (comesAgain is not null) _waiting.AddLast(comesAgain);
            ConfigWatcher? next = _waiting.First?.Value;
            if (next is null) _isTaken = false;
            else _waiting.RemoveFirst();
            return next;
        }
    }

    /// <summary>Removes a watcher from the queue.</summary>
    /// <returns>Whether it was queued.</returns>
    internal bool Leave(ConfigWatcher watcher)
    {
        lock (_gate) return _waiting.Remove(watcher);
    }
}
