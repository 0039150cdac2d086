using System.Collections.Concurrent;

namespace Acm.Client.Reading;

/// <summary>Remembers when a claim of one server was first made, for as long as the server repeats it. Thread-safe.</summary>
/// <typeparam name="T">The claim.</typeparam>
/// <param name="clock">Source of time.</param>
/// <param name="apart">Minimum time between two equal answers of a server for the second to count as confirmation.</param>
internal sealed class ClaimMemory<T>(TimeProvider clock, TimeSpan apart)
    where T : notnull
{
    /// <summary>A claim that was not repeated for this long starts anew.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    /// <summary>Number of claims from which expired ones are evicted. Recent claims are never evicted, or a large set of keys could never be confirmed.</summary>
    private const int FirstSweep = 10_000;

    private readonly ConcurrentDictionary<T, (long First, long Last)> _said = new();
    private int _nextSweep = FirstSweep;

    /// <summary>Records a claim.</summary>
    /// <returns>Whether it was first made at least the minimum time ago.</returns>
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

    /// <summary>Removes a claim that has been settled.</summary>
    public void Forget(T claim)
    {
        if (!_said.IsEmpty) _said.TryRemove(claim, out _);
    }
}
