namespace Acm.Client.Servers;

/// <summary>
/// Tracks the health of one server. After <see cref="FailuresBeforeRest"/> consecutive failures, calls avoid the server while another one is available. When that time is over, a single call
/// probes it; another failure doubles the time.
/// </summary>
internal sealed class ServerHealth
{
    public const int FailuresBeforeRest = 3;

    public static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(60);

    /// <summary>The pause after throttling without a Retry-After header; doubled for consecutive throttling.</summary>
    public static readonly TimeSpan FirstThrottlePause = TimeSpan.FromMilliseconds(400);

    private const int MostDoublings = 4;

    private int _throttles;
    private int _failures;
    private int _rests;
    private bool _isProbed;

    public DateTimeOffset RestsUntil { get; private set; }

    /// <summary>Returns whether calls avoid this server now.</summary>
    public bool Rests(DateTimeOffset now) => _rests > 0 && now < RestsUntil;

    /// <summary>Returns whether a call may use this server. When a rest ends, only the call that probes gets true until it reports its result.</summary>
    public bool TryUse(DateTimeOffset now)
    {
        if (_rests == 0) return true;
        if (now < RestsUntil) return false;

        _isProbed = true;
        RestsUntil = now + RestAfter(_rests);
        return true;
    }

    /// <summary>Gets until when no request is sent, because the server throttled. All calls share the pause.</summary>
    public DateTimeOffset PausedUntil { get; private set; }

    /// <summary>Records that the server throttled a request.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="pause">The requested pause; null if the server did not specify one.</param>
    public void Throttled(DateTimeOffset now, TimeSpan? pause)
    {
        // Requests sent before the pause began do not extend it.
        bool isNew = now >= PausedUntil;
        DateTimeOffset until = now + (pause ?? TimeSpan.FromTicks(FirstThrottlePause.Ticks << Math.Min(_throttles, MostDoublings)));
        if (isNew) _throttles++;
        if (until > PausedUntil && (isNew || pause is not null)) PausedUntil = until;
    }

    public void Succeeded()
    {
        _throttles = 0;
        _failures = 0;
        _rests = 0;
        _isProbed = false;
    }

    public void Failed(DateTimeOffset now)
    {
        if (_rests > 0 && !_isProbed)
        {
            // This request was sent before the rest began and does not extend it.
            return;
        }

        if (!_isProbed && ++_failures < FailuresBeforeRest) return;

        _isProbed = false;
        _rests++;
        RestsUntil = now + RestAfter(_rests);
    }

    private static TimeSpan RestAfter(int rests) =>
        TimeSpan.FromTicks(Math.Min(FirstRest.Ticks << Math.Min(rests - 1, 4), LongestRest.Ticks));
}
