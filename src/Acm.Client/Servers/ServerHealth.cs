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

    private int _failures;
    private DateTimeOffset _restsUntil;

    public DateTimeOffset RestsUntil => _restsUntil;

    /// <summary>Whether calls go to this server. At the end of a rest it answers true once, to the call that probes, and rests on until that one reports.</summary>
    public bool TryUse(DateTimeOffset now)
    {
        if (_failures < FailuresBeforeRest) return true;
        if (now < _restsUntil) return false;

        _restsUntil = now + RestAfter(_failures);
        return true;
    }

    public void Succeeded() => _failures = 0;

    public void Failed(DateTimeOffset now)
    {
        _failures++;
        if (_failures >= FailuresBeforeRest) _restsUntil = now + RestAfter(_failures);
    }

    private static TimeSpan RestAfter(int failures)
    {
        int doublings = Math.Min(failures - FailuresBeforeRest, 4);
        return TimeSpan.FromTicks(Math.Min(FirstRest.Ticks << doublings, LongestRest.Ticks));
    }
}
