using System.Diagnostics;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>The times from the beginning of a publish to what it causes, one change after the other.</summary>
/// <param name="what">What it causes.</param>
/// <param name="keys">The keys that change, in turn.</param>
internal sealed class PublishTimes(string what, IReadOnlyList<ConfigKey> keys) : IDisposable
{
    private const int WarmUpChanges = 200;
    private const int Changes = 300;
    private const int ChangesOfBlock = 25;

    /// <summary>Publishes come at random, so that they meet a long poll in every state.</summary>
    private const int LongestPauseMilliseconds = 20;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _seen = new(0);
    private readonly double[] _times = new double[WarmUpChanges + Changes];
    private long _seenAt;

    public IReadOnlyList<ConfigKey> Keys => keys;

    /// <summary>Takes note that a change was seen.</summary>
    /// <param name="at">When, as <see cref="Stopwatch"/> has it.</param>
    public void See(long at)
    {
        _seenAt = at;
        _seen.Release();
    }

    /// <summary>
    /// Measures block by block in turn, so that whatever else the machine does meets all contestants alike. What a change leaves to do, as the next long poll, falls on the contestant that causes it.
    /// </summary>
    /// <exception cref="InvalidOperationException">Something else was seen than what was published.</exception>
    public static async Task MeasureAsync(AcmClient publisher, params PublishTimes[] contestants)
    {
        var random = new Random(1);
        for (int block = 0; block < WarmUpChanges + Changes; block += ChangesOfBlock)
        {
            foreach (PublishTimes contestant in contestants)
            {
                for (int i = block; i < block + ChangesOfBlock; i++)
                {
                    await Task.Delay(random.Next(LongestPauseMilliseconds));
                    await contestant.MeasureAsync(publisher, i);
                }
            }
        }
    }

    public IReadOnlyList<Figure> Figures(double medianBound, double p99Bound)
    {
        double[] sorted = [.. _times.Skip(WarmUpChanges).Order()];
        string name = FormattableString.Invariant($"{what}, {keys.Count} keys");
        string detail = FormattableString.Invariant($"{Changes} changes, best {sorted[0]:0.00} ms, worst {sorted[^1]:0.0} ms");
        return [new Figure(name + ", median", Timing.Median(sorted), medianBound, "ms", detail), new Figure(name + ", p99", sorted[sorted.Length * 99 / 100], p99Bound, "ms", detail)];
    }

    public void Dispose() => _seen.Dispose();

    private async Task MeasureAsync(AcmClient publisher, int change)
    {
        if (_seen.CurrentCount > 0) throw new InvalidOperationException($"{what}: more was seen than was published.");

        ConfigKey key = keys[change % keys.Count];
        long start = Stopwatch.GetTimestamp();
        Task published = publisher.PublishAsync(key, FormattableString.Invariant($"{change} {Guid.NewGuid()}"));
        if (!await _seen.WaitAsync(Deadline)) throw new InvalidOperationException($"{what}: change {change} was not seen.");

        _times[change] = Stopwatch.GetElapsedTime(start, _seenAt).TotalMilliseconds;
        await published;
    }
}
