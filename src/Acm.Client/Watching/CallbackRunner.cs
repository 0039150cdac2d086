namespace Acm.Client.Watching;

/// <summary>
/// Calls the callbacks of watchers that have something to be told: so many watchers at once, each one change at a time, turn by turn. While there is nothing to tell there is no thread, and no timer ever.
/// </summary>
internal sealed class CallbackRunner
{
    private readonly object _gate = new();
    private readonly Queue<ConfigWatcher> _ready = new();
    private readonly int _concurrency;
    private int _running;

    public CallbackRunner(int concurrency)
    {
        _concurrency = concurrency;
    }

    /// <summary>How many threads call callbacks now.</summary>
    public int Running
    {
        get
        {
            lock (_gate) return _running;
        }
    }

    /// <summary>A watcher has something to be told, and had not before.</summary>
    public void Ready(ConfigWatcher watcher)
    {
        if (watcher.Lane?.Enter(watcher) != false) Begin(watcher);
    }

    private void Begin(ConfigWatcher watcher)
    {
        lock (_gate)
        {
            _ready.Enqueue(watcher);
            if (_running == _concurrency) return;
            _running++;
        }

        Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, CallbackScheduler.Instance);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            ConfigWatcher watcher;
            lock (_gate)
            {
                if (_ready.Count == 0)
                {
                    _running--;
                    return;
                }

                watcher = _ready.Dequeue();
            }

            // Back on a thread of the scheduler: the next callback may block as well.
            // One change, then the others' turn: a watcher of very many keys must not keep the rest waiting.
            ConfigWatcher? next = await watcher.TellNextAsync().ConfigureAwait(true) ? watcher : null;
            if (watcher.Lane is { } lane) next = lane.Pass(next);
            if (next is null) continue;

            if (next.Callbacks != this) next.Callbacks.Begin(next);
            else lock (_gate) _ready.Enqueue(next);
        }
    }
}
