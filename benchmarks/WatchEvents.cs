using System.Diagnostics;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>From a publish to the PowerShell event of Register-AcmWatcher, with a hundred keys and with three thousand in one session; and the first events of three thousand.</summary>
internal static class WatchEvents
{
    private const int FewKeys = 100;
    private const int ManyKeys = 3000;
    private const int ContentSize = 200;
    private const int Changes = 1000;
    private const int WarmUpChanges = 300;
    private const int LongestPauseMilliseconds = 20;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(ManyKeys, ContentSize)).Select(name => new ConfigKey(name))];
        return [.. await MeasureAsync(server, keys[..FewKeys], 5, 30), .. await MeasureAsync(server, keys, 10, 50)];
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchmarkServer server, ConfigKey[] keys, double medianBound, double p99Bound)
    {
        using AcmClient publisher = server.Connect();
        using var arrived = new SemaphoreSlim(0);
        using var shell = new ModuleRunspace();
        shell.Run("$null = Connect-Acm $args[0] -Direct -NoSnapshot", server.Uri.Authority);
        long lastAt = 0;
        shell.Events.ReceivedEvents.PSEventReceived += (_, _) =>
        {
            lastAt = Stopwatch.GetTimestamp();
            arrived.Release();
        };

        double first = await Timing.MillisecondsAsync(async () =>
        {
            shell.Run("$args | Register-AcmWatcher", [.. keys.Select(key => key.DataId)]);
            for (int i = 0; i < keys.Length; i++) await arrived.WaitAsync();
        });

        var random = new Random(1);
        var times = new double[WarmUpChanges + Changes];
        for (int i = 0; i < times.Length; i++)
        {
            await Task.Delay(random.Next(LongestPauseMilliseconds));
            long start = Stopwatch.GetTimestamp();
            Task published = publisher.PublishAsync(keys[i % keys.Length], FormattableString.Invariant($"{i} {Guid.NewGuid()}"));
            await arrived.WaitAsync();
            times[i] = Stopwatch.GetElapsedTime(start, lastAt).TotalMilliseconds;
            await published;
        }

        double[] sorted = [.. times.Skip(WarmUpChanges).Order()];
        string what = FormattableString.Invariant($"publish to event, {keys.Length} keys watched");
        string detail = FormattableString.Invariant($"{Changes} changes, best {sorted[0]:0.0} ms, worst {sorted[^1]:0.0} ms");
        Figure[] latency =
        [
            new(what + ", median", sorted[sorted.Length / 2], medianBound, "ms", detail),
            new(what + ", p99", sorted[sorted.Length * 99 / 100], p99Bound, "ms", detail),
        ];
        return keys.Length == FewKeys ? latency : [.. latency, new Figure(FormattableString.Invariant($"first events of {keys.Length} existing keys"), first, 1000, "ms", "from Register-AcmWatcher to the last one")];
    }
}
