using System.Diagnostics;

namespace Acm.Benchmarks;

internal static class Timing
{
    /// <summary>The warm-up time, long enough for all JIT tiers even on a busy machine.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(12);

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public static async Task<double> MillisecondsAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    /// <summary>Runs the contestants in turn until they are warm.</summary>
    public static async Task WarmUpAsync(params Func<Task>[] contestants)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < WarmUp) await InterleaveAsync(rounds: 1, contestants);
    }

    /// <summary>
    /// Runs the contestants in rounds, with a reversed order in every other round, so that other load on the machine
    /// affects all of them equally.
    /// </summary>
    /// <returns>The milliseconds of each contestant, by round.</returns>
    public static async Task<double[][]> InterleaveAsync(int rounds, params Func<Task>[] contestants)
    {
        var times = new double[contestants.Length][];
        for (int i = 0; i < times.Length; i++) times[i] = new double[rounds];
        for (int round = 0; round < rounds; round++)
        {
            for (int turn = 0; turn < contestants.Length; turn++)
            {
                int i = round % 2 == 0 ? turn : contestants.Length - 1 - turn;
                times[i][round] = await MillisecondsAsync(contestants[i]);
            }
        }

        return times;
    }

    /// <summary>Returns the median over the rounds of the ratio of two contestants' times in the same round.</summary>
    public static double Ratio(double[] times, double[] reference) => Median(times.Zip(reference, (time, other) => time / other));
}
