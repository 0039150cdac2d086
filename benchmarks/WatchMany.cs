using System.Diagnostics;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>Measures the cost of 100,000 watched keys of 200 bytes in a process: at the start, while idle, and for a change.</summary>
internal static class WatchMany
{
    private const int Keys = 100_000;
    private const int ContentSize = 200;
    private const int Changes = 100;
    private const double MemoryBound = 300;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(Keys, ContentSize)).Select(name => new ConfigKey(name))];
        using var folder = new TemporaryFolder();
        using AcmClient client = server.Connect(Path.Combine(folder.Path, "snapshot"), Path.Combine(folder.Path, "failover"));
        using AcmClient publisher = server.Connect();
        await client.GetAsync(keys[0]);
        double before = Megabytes();
        var told = new ChangeCounter(keepContent: false);

        double call = 0;
        ConfigWatcher watcher = null!;
        double register = await Timing.MillisecondsAsync(async () =>
        {
            call = await Timing.MillisecondsAsync(() =>
            {
                watcher = client.Watch(keys, told.TakeAsync);
                return Task.CompletedTask;
            });
            await told.UntilAsync(Keys);
        });
        double peak = Megabytes() - before;
        double[] changes = [.. (await WatchLatency.LatenciesAsync(publisher, told, keys, Changes)).Order()];
        double snapshots = await Timing.MillisecondsAsync(async () =>
        {
            while (!client.Watching.Snapshots.IsIdle) await Task.Delay(100);
        });
        using var process = Process.GetCurrentProcess();
        TimeSpan processor = process.TotalProcessorTime;
        await Task.Delay(Idle);
        process.Refresh();
        double idle = 100 * (process.TotalProcessorTime - processor) / Idle;
        GC.Collect();
        double settled = Megabytes() - before;
        double heap = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        double end = await Timing.MillisecondsAsync(() => watcher.DisposeAsync().AsTask());

        return
        [
            new Figure("100,000 keys registered and first told", register, 30_000, "ms", FormattableString.Invariant($"the call itself {call:0} ms, the snapshots written {snapshots / 1000:0} s later, the end {end:0} ms")),
            new Figure("100,000 keys, memory over the session before", Math.Max(peak, settled), MemoryBound, "MB", FormattableString.Invariant($"right after {peak:0} MB, after a minute {settled:0} MB, managed heap {heap:0} MB in all")),
            new Figure("100,000 keys, idle processor time of a core", idle, 2, "%", FormattableString.Invariant($"over {Idle.TotalSeconds:0} s")),
            new Figure("100,000 keys, a change seen, slowest", changes[^1], 500, "ms", FormattableString.Invariant($"{Changes} changes, median {changes[Changes / 2]:0.0} ms")),
        ];
    }

    private static double Megabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1e6;
    }
}
