using System.Net;
using Acm.Server.Storage;

namespace Acm.Server.Limits;

/// <summary>Limits the calls per second for each client address and key.</summary>
/// <param name="perSecond">The maximum number of calls in any second; 0 for no limit.</param>
/// <param name="clock">The clock.</param>
internal sealed class RateLimit(int perSecond, TimeProvider clock)
{
    private const int SweepAbove = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<(IPAddress Address, ConfigKey Key), Queue<long>> _calls = [];
    private int _sweepAt = SweepAbove;

    public bool Allows(IPAddress address, ConfigKey key)
    {
        if (perSecond == 0) return true;

        long now = clock.GetTimestamp();
        lock (_lock)
        {
            if (_calls.Count >= _sweepAt) Sweep(now);
            if (!_calls.TryGetValue((address, key), out Queue<long>? times)) _calls[(address, key)] = times = new Queue<long>(perSecond);

            while (times.TryPeek(out long oldest) && IsOver(oldest, now)) times.Dequeue();
            if (times.Count >= perSecond) return false;

            times.Enqueue(now);
            return true;
        }
    }

    private bool IsOver(long time, long now) => clock.GetElapsedTime(time, now) >= TimeSpan.FromSeconds(1);

    private void Sweep(long now)
    {
        foreach (((IPAddress, ConfigKey) caller, Queue<long> times) in _calls)
        {
            if (times.All(time => IsOver(time, now))) _calls.Remove(caller);
        }

        _sweepAt = Math.Max(SweepAbove, _calls.Count * 2);
    }
}
