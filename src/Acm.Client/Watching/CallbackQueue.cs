namespace Acm.Client;

/// <summary>
/// What several watchers, also of several clients, may share so that one callback of all of them runs at a time. Those that wait take none of the callbacks that
/// <see cref="AcmClientOptions.CallbackConcurrency"/> allows, get their turn one after the other, and are told the newest value by then. Thread-safe.
/// </summary>
public sealed class CallbackQueue
{
    private readonly object _gate = new();
    private readonly LinkedList<ConfigWatcher> _waiting = new();
    private bool _isTaken;

    /// <summary>Has a watcher that has something to be told wait for its turn.</summary>
    /// <returns>Whether it is its turn at once.</returns>
    internal bool Enter(ConfigWatcher watcher)
    {
        lock (_gate)
        {
            if (!_isTaken) return _isTaken = true;

            _waiting.AddLast(watcher);
            return false;
        }
    }

    /// <summary>Passes the turn on.</summary>
    /// <param name="comesAgain">The watcher that had it, where it has more to be told; it goes to the end of the line.</param>
    /// <returns>Whose turn it is now; null where nobody waits.</returns>
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

    /// <summary>Has a watcher wait no more.</summary>
    /// <returns>Whether it waited.</returns>
    internal bool Leave(ConfigWatcher watcher)
    {
        lock (_gate) return _waiting.Remove(watcher);
    }
}
