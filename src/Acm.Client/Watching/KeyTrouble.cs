namespace Acm.Client.Watching;

/// <summary>What went wrong with one key. Only keys that had trouble have one. Guarded by the hub's gate.</summary>
internal sealed class KeyTrouble
{
    /// <summary>Reports without a change that are further apart than this have nothing to do with each other: a value may change and change back.</summary>
    private static readonly TimeSpan FalseReportsForgotten = TimeSpan.FromMinutes(1);

    /// <summary>A file that is never the same twice is told as it is after so many looks.</summary>
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

    /// <summary>How often reading it failed in a row.</summary>
    public int Failures { get; set; }

    public WatchFailure? Last { get; set; }

    /// <summary>When it is tried again, by the hub's <see cref="RetryClock.Now"/>, while it waits.</summary>
    public TimeSpan RetryAt { get; set; }

    /// <summary>Notes what was seen where a failover file came, went or changed.</summary>
    /// <returns>Whether the look before this one saw the same, or there were looks enough.</returns>
    public bool IsSeenAgain((ConfigSource? Source, string? Md5) seen)
    {
        bool isSeenAgain = _looksAtFile > 0 && (_seen == seen || _looksAtFile >= MostLooksAtFile);
        _seen = seen;
        _looksAtFile = isSeenAgain ? 0 : _looksAtFile + 1;
        return isSeenAgain;
    }

    /// <summary>MD5s of the values before the one that is known, the newest first.</summary>
    public IReadOnlyList<string> Earlier { get; private set; } = [];

    /// <summary>When the value before was stored; null where that was not told.</summary>
    public DateTimeOffset? LastModified { get; private set; }

    /// <summary>Notes a change of the value on the servers.</summary>
    /// <param name="now">When, by the hub's <see cref="RetryClock.Now"/>.</param>
    /// <param name="md5">MD5 of the value before; null where there was none.</param>
    /// <param name="modified">When that was stored.</param>
    /// <returns>
    /// How long the key is left alone before it is looked at again; zero for a key that changes now and then. A key that changes at each poll would else be asked about thousands of times a second.
    /// What it holds in between may never be told, what it holds in the end is.
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

    /// <summary>The file is as it was before.</summary>
    public void ForgetFile() => _looksAtFile = 0;

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
