using System.Globalization;

namespace Acm.Tests.Clusters;

/// <summary>Thirty random fault schedules per run. <c>ACM_FAULT_SEED</c> repeats a run with its seed.</summary>
public sealed class ScheduleTests
{
    private const int Schedules = 30;
    private const int AtOnce = 6;

    [Fact]
    public async Task Nothing_is_lost_overwritten_or_invented_whatever_the_nodes_do()
    {
        int first = int.TryParse(Environment.GetEnvironmentVariable("ACM_FAULT_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : Random.Shared.Next(1_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"ACM_FAULT_SEED={first}");
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();

        await Parallel.ForEachAsync(Enumerable.Range(first, Schedules), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (seed, _) =>
        {
            using var schedule = new FaultSchedule(seed);
            try
            {
                await schedule.RunAsync();
            }
            catch (InvalidOperationException e)
            {
                failures.Enqueue(string.Create(CultureInfo.InvariantCulture, $"Schedule {seed} (ACM_FAULT_SEED={first}): {e.Message}"));
            }
        });

        Assert.True(failures.IsEmpty, string.Join("\n\n", failures));
    }
}
