using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>From registering a watcher of 3,000 existing keys to the last of its first events, with the folders that a session has by default.</summary>
internal static class WatchFirst
{
    private const int Keys = 3000;
    private const int ContentSize = 200;
    private const int Runs = 7;
    private const double Bound = 1000;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(Keys, ContentSize)).Select(name => new ConfigKey(name))];
        return [await MeasureAsync("first events of 3,000 keys, snapshots kept", keepSnapshots: true), await MeasureAsync("first events of 3,000 keys, no snapshots", keepSnapshots: false)];

        async Task<Figure> MeasureAsync(string name, bool keepSnapshots)
        {
            var times = new List<double>();
            for (int run = 0; run < Runs; run++)
            {
                using var folder = new TemporaryFolder();
                using AcmClient client = server.Connect(keepSnapshots ? folder.Path : null);
                var told = new ChangeCounter();
                times.Add(await Timing.MillisecondsAsync(async () =>
                {
                    client.Watch(keys, told.TakeAsync);
                    await told.UntilAsync(Keys);
                }));

                // The snapshots are written after the callbacks, and the folder is deleted next.
                while (!client.Watching.Snapshots.IsIdle) await Task.Delay(20);
            }

            return new Figure(name, Timing.Median(times.Skip(1)), Bound, "ms", FormattableString.Invariant($"first run {times[0]:0} ms, slowest of the others {times.Skip(1).Max():0} ms"));
        }
    }
}
