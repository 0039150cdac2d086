namespace Acm.Server.Storage;

/// <summary>Takes away what the history need not keep, in the background: every minute, and sooner where very much was written.</summary>
internal sealed class HistoryKeeper : IDisposable
{
    private const long BytesBetweenPrunings = 64L * 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly IJournal _journal;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly int _days;
    private readonly int _revisions;
    private readonly ITimer _timer;
    private readonly Lock _pruning = new();
    private long _bytes;
    private bool _disposed;

    /// <param name="journal">What is pruned.</param>
    /// <param name="clock">Tells what is old.</param>
    /// <param name="log">Where a failure is told.</param>
    /// <param name="days">For how long a change is kept; 0 for ever.</param>
    /// <param name="revisions">How many changes of one version of a configuration are kept; 0 for all.</param>
    public HistoryKeeper(IJournal journal, TimeProvider clock, ILogger log, int days, int revisions)
    {
        _journal = journal;
        _clock = clock;
        _log = log;
        _days = days;
        _revisions = revisions;
        _timer = clock.CreateTimer(static state => ((HistoryKeeper)state!).Prune(), this, Interval, Interval);
    }

    /// <summary>Called by the writer after each commit.</summary>
    public void Wrote(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) < BytesBetweenPrunings) return;

        Interlocked.Exchange(ref _bytes, 0);
        ThreadPool.UnsafeQueueUserWorkItem(static keeper => keeper.Prune(), this, preferLocal: false);
    }

    /// <summary>Waits for a pruning that is under way.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_pruning) _disposed = true;
    }

    internal void Prune()
    {
        // One at a time; who comes meanwhile finds it done.
        if (!_pruning.TryEnter()) return;

        try
        {
            if (_disposed || (_days == 0 && _revisions == 0)) return;

            DateTimeOffset before = _days == 0 ? DateTimeOffset.UnixEpoch : _clock.GetUtcNow().AddDays(-_days);
            while (_journal.Prune(before, _revisions == 0 ? int.MaxValue : _revisions))
            {
            }
        }
        catch (StorageException e)
        {
            _log.LogError("The history was not pruned. {Reason}", e.Message);
        }
        finally
        {
            _pruning.Exit();
        }
    }
}
