namespace Acm.Client.Watching;

/// <summary>Failures and unusual changes of one key; created on demand. Requires the gate.</summary>
internal sealed class KeyTrouble
{
    /// <summary>False reports further apart are unrelated: a value may change and change back.</summary>
    private static readonly TimeSpan FalseReportsForgotten = TimeSpan.FromMinutes(1);

    /// <summary>Number of reads after which a failover file that keeps changing is reported as it is.</summary>
    private const int MostLooksAtFile = 4;

    /// <summary>From the third change within this time on, a key is read at intervals.</summary>
    private static readonly TimeSpan FlipWindow = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(1);

    private const int MostEarlier = 4;

    private TimeSpan? _lastChange;
    private TimeSpan? _changeBefore;
    private TimeSpan _interval;
    private int _falseReports;
    private int _looksAtFile;
    private (ConfigSource? Source, string? Md5) _seen;
    private DateTimeOffset _lastFalseReport;

    /// <summary>Gets or sets the number of consecutive failed reads.</summary>
    public int Failures { get; set; }

    public WatchFailure? Last { get; set; }

    /// <summary>Gets or sets when a waiting key is read again, by <see cref="RetryClock.Now"/>.</summary>
    public TimeSpan RetryAt { get; set; }

    /// <summary>Records the value seen after a failover file was added, removed or changed.</summary>
    /// <returns>Whether the previous read returned the same, or the limit of reads is reached.</returns>
    public bool IsSeenAgain((ConfigSource? Source, string? Md5) seen)
    {
        bool isSeenAgain = _looksAtFile > 0 && (_seen == seen || _looksAtFile >= MostLooksAtFile);
        _seen = seen;
        _looksAtFile = isSeenAgain ? 0 : _looksAtFile + 1;
        return isSeenAgain;
    }

    /// <summary>Gets the MD5s of previous values, the latest first.</summary>
    public IReadOnlyList<string> Earlier { get; private set; } = [];

    /// <summary>Gets when the previous value was stored; null if unknown.</summary>
    public DateTimeOffset? LastModified { get; private set; }

    /// <summary>Records a change of the value on the servers.</summary>
    /// <param name="now">The time, by <see cref="RetryClock.Now"/>.</param>
    /// <param name="md5">MD5 of the previous value; null if there was none.</param>
    /// <param name="modified">When the previous value was stored.</param>
    /// <returns>
    /// How long to wait before the key is read again; zero unless it changes frequently. A key that changes with each poll would otherwise cause thousands of requests per second.
    /// Intermediate values may be skipped, but the last one is reported.
    /// </returns>
    public TimeSpan NoteChange(TimeSpan now, string? md5, DateTimeOffset? modified)
    {
        if (md5 is not null) LastModified = modified;
        if (md5 is not null) Earlier = [md5, .. Earlier.Where(other => other != md5).Take(MostEarlier - 1)];
        bool isThird = now - _changeBefore <= FlipWindow;
        bool goesOn = _interval > TimeSpan.Zero && now - _lastChange <= _interval + FlipWindow;
        _changeBefore = _lastChange;
        _lastChange = now;
        if (!isThird && !goesOn) return _interval = TimeSpan.Zero;

        var longer = TimeSpan.FromTicks(2 * _interval.Ticks);
        return _interval = longer < ShortestInterval ? ShortestInterval : longer < LongestInterval ? longer : LongestInterval;
    }

    /// <summary>Records that the failover file did not change.</summary>
    public void ForgetFile() => _looksAtFile = 0;

    /// <summary>Records a reported change without a new value. The first one is ignored and the key is watched again; further ones count as failures.</summary>
    public bool IsFalseReportTooMany(DateTimeOffset now)
    {
        if (now - _lastFalseReport > FalseReportsForgotten) _falseReports = 0;
        _lastFalseReport = now;
        if (++_falseReports == 1) return false;

        // The caller counts this one. Successful reads in between do not reset the number.
        Failures = _falseReports - 2;
        return true;
    }
}
