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

    private const int Most = 10_000;

    private readonly ConcurrentDictionary<T, (long First, long Last)> _said = new();

    /// <summary>Notes that it was said.</summary>
    /// <returns>Whether it was said long enough before as well.</returns>
    public bool IsSaidAgain(T claim)
    {
        if (_said.Count >= Most) _said.Clear();
        long now = clock.GetTimestamp();
        (long first, _) = _said.AddOrUpdate(claim, (now, now), (_, times) => (clock.GetElapsedTime(times.Last, now) > Forgotten ? now : times.First, now));
        return clock.GetElapsedTime(first, now) >= apart;
    }

    /// <summary>Forgets what turned out to be true or false.</summary>
    public void Forget(T claim)
    {
        if (!_said.IsEmpty) _said.TryRemove(claim, out _);
    }
}
