namespace Acm.Client.Servers;

/// <summary>
/// What is known of one server's standing. After <see cref="FailuresBeforeRest"/> failures in a row it is rested: passed over while another server
/// is there. When the rest ends a single call probes it, and a failure then rests it again, twice as long.
/// </summary>
internal sealed class ServerHealth
{
    public const int FailuresBeforeRest = 3;

    public static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(60);

    /// <summary>The pause of a server that throttles without saying for how long: doubled while it goes on.</summary>
    public static readonly TimeSpan FirstThrottlePause = TimeSpan.FromMilliseconds(400);

    private const int MostDoublings = 4;

    private int _throttles;
    private int _failures;
    private int _rests;
    private bool _isProbed;

    public DateTimeOffset RestsUntil { get; private set; }

    /// <summary>Whether calls pass this server over now.</summary>
    public bool Rests(DateTimeOffset now) => _rests > 0 && now < RestsUntil;

    /// <summary>Whether calls go to this server. At the end of a rest it answers true once, to the call that probes, and rests on until that one reports.</summary>
    public bool TryUse(DateTimeOffset now)
    {
        if (_rests == 0) return true;
        if (now < RestsUntil) return false;

        _isProbed = true;
        RestsUntil = now + RestAfter(_rests);
        return true;
    }

    /// <summary>Until when nothing is sent to it, because it asked for fewer requests. All calls share the pause.</summary>
    public DateTimeOffset PausedUntil { get; private set; }

    /// <summary>It asked for fewer requests.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pause">How long it asked to wait; null where it did not say.</param>
    public void Throttled(DateTimeOffset now, TimeSpan? pause)
    {
        // Requests that were on their way when the pause began tell nothing new.
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
            // One of the calls that were on their way when the rest began: they tell nothing new.
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
