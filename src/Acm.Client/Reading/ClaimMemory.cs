using System.Collections.Concurrent;

namespace Acm.Client.Reading;

/// <summary>When something was first said that one server alone is not believed at once, as long as it goes on to be said. Thread-safe.</summary>
/// <typeparam name="T">What is said.</typeparam>
/// <param name="clock">Source of time.</param>
/// <param name="apart">How far apart two answers of the same server are at least for the second to count: less than a minute between those that follow each other.</param>
internal sealed class ClaimMemory<T>(TimeProvider clock, TimeSpan apart)
    where T : notnull
{
    /// <summary>What has not been said for longer than that is said anew.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    /// <summary>From so many on those that are forgotten are taken out: all that were said a moment ago have to stay, or none of many would ever be said again.</summary>
    private const int FirstSweep = 10_000;

    private readonly ConcurrentDictionary<T, (long First, long Last)> _said = new();
    private int _nextSweep = FirstSweep;

    /// <summary>Notes that it was said.</summary>
    /// <returns>Whether it was said long enough before as well.</returns>
    public bool IsSaidAgain(T claim)
    {
        long now = clock.GetTimestamp();
        if (_said.Count >= Volatile.Read(ref _nextSweep)) Sweep(now);
        (long first, _) = _said.AddOrUpdate(claim, (now, now), (_, times) => (clock.GetElapsedTime(times.Last, now) > Forgotten ? now : times.First, now));
        return clock.GetElapsedTime(first, now) >= apart;
    }

    private void Sweep(long now)
    {
        foreach (KeyValuePair<T, (long First, long Last)> pair in _said)
        {
            if (clock.GetElapsedTime(pair.Value.Last, now) > Forgotten) _said.TryRemove(pair.Key, out _);
        }

        Volatile.Write(ref _nextSweep, Math.Max(FirstSweep, 2 * _said.Count));
    }

    /// <summary>Forgets what turned out to be true or false.</summary>
    public void Forget(T claim)
    {
        if (!_said.IsEmpty) _said.TryRemove(claim, out _);
    }
}
