namespace Acm.Client.Watching;

/// <summary>
/// Runs the callbacks of watchers: a limited number of watchers in parallel, one change of each at a time, in turn. Uses no thread while there is nothing to report, and never a timer.
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

    /// <summary>Gets the number of threads that run callbacks.</summary>
    public int Running
    {
        get
        {
            lock (_gate) return _running;
        }
    }

    /// <summary>Schedules a watcher that has a pending change and had none before.</summary>
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

            // ConfigureAwait(true) stays on the scheduler's thread, because the next callback may block as well.
            // Each watcher reports one change per turn, so that one with very many keys does not block the others.
            ConfigWatcher? next = await watcher.TellNextAsync().ConfigureAwait(true) ? watcher : null;
            if (watcher.Lane is { } lane) next = lane.Pass(next);
            if (next is null) continue;

            if (next.Callbacks != this) next.Callbacks.Begin(next);
            else lock (_gate) _ready.Enqueue(next);
        }
    }
}
