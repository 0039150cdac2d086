namespace Acm.Client.Watching;

/// <summary>What went wrong with one key. Only keys that had trouble have one. Guarded by the hub's gate.</summary>
internal sealed class KeyTrouble
{
    /// <summary>Reports without a change that are further apart than this have nothing to do with each other: a value may change and change back.</summary>
    private static readonly TimeSpan FalseReportsForgotten = TimeSpan.FromMinutes(1);

    private int _falseReports;
    private DateTimeOffset _lastFalseReport;

    /// <summary>How often reading it failed in a row.</summary>
    public int Failures { get; set; }

    public Mishap? Last { get; set; }

    /// <summary>When it is tried again, by the hub's <see cref="RetryClock.Now"/>, while it waits.</summary>
    public TimeSpan RetryAt { get; set; }

    /// <summary>Notes that a server told of a change that there was not. One is no harm, and the key is asked about again at once; more count as failures.</summary>
    public bool IsFalseReportTooMany(DateTimeOffset now)
    {
        if (now - _lastFalseReport > FalseReportsForgotten) _falseReports = 0;
        _lastFalseReport = now;
        if (++_falseReports == 1) return false;

        // This one is counted by the caller. A read in between that succeeds does not make them fewer.
        Failures = _falseReports - 2;
        return true;
    }
}
