namespace Acm.Server.Storage;

/// <summary>Prunes the history in the background: every minute, and after every 64 MB written.</summary>
internal sealed class HistoryPruner : IDisposable
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

    /// <param name="journal">The journal to prune.</param>
    /// <param name="clock">The clock for the age of changes.</param>
    /// <param name="log">The log for failures.</param>
    /// <param name="days">The number of days to keep changes; 0 for no limit.</param>
    /// <param name="revisions">The number of changes to keep for each version of a configuration; 0 for no limit.</param>
    public HistoryPruner(IJournal journal, TimeProvider clock, ILogger log, int days, int revisions)
    {
        _journal = journal;
        _clock = clock;
        _log = log;
        _days = days;
        _revisions = revisions;
        _timer = clock.CreateTimer(static state => ((HistoryPruner)state!).Prune(), this, Interval, Interval);
    }

    /// <summary>Called by the writer after each commit.</summary>
    public void Wrote(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) < BytesBetweenPrunings) return;

        Interlocked.Exchange(ref _bytes, 0);
        ThreadPool.UnsafeQueueUserWorkItem(static keeper => keeper.Prune(), this, preferLocal: false);
    }

    /// <summary>Waits for a running pruning.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_pruning) _disposed = true;
    }

    internal void Prune()
    {
        // If a pruning is running already, another one is not necessary.
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
            _log.LogError("Pruning the history failed. {Reason}", e.Message);
        }
        finally
        {
            _pruning.Exit();
        }
    }
}
