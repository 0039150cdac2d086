using System.Diagnostics;

namespace Acm.Benchmarks;

internal static class Timing
{
    /// <summary>Long enough for the compiler to have been through all tiers, on a busy machine too.</summary>
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
    /// Runs the contestants in turn, round after round and each round in the other order, so that whatever else the machine does
    /// meets all of them alike.
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

    /// <summary>The median over the rounds of one contestant's time in terms of another's in the same round.</summary>
    public static double Ratio(double[] times, double[] reference) => Median(times.Zip(reference, (time, other) => time / other));
}
