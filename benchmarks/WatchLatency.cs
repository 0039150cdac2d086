using System.Diagnostics;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>From a publish to the callback of a watcher in the engine, with a hundred watched keys and with three thousand on one client. A key that changes several times a second is read at intervals, so that there are many.</summary>
internal static class WatchLatency
{
    private const int FewKeys = 100;
    private const int ManyKeys = 3000;
    private const int ContentSize = 200;
    private const int Changes = 1000;
    private const int WarmUpChanges = 300;

    /// <summary>Publishes come at random, so that they meet the poll in every state.</summary>
    private const int LongestPauseMilliseconds = 20;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(ManyKeys, ContentSize)).Select(name => new ConfigKey(name))];
        return [.. await MeasureAsync(server, keys[..FewKeys], 5, 30), .. await MeasureAsync(server, keys, 10, 50)];
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchmarkServer server, ConfigKey[] keys, double medianBound, double p99Bound)
    {
        using AcmClient client = server.Connect();
        using AcmClient publisher = server.Connect();
        var told = new ChangeCounter();
        await using ConfigWatcher watcher = client.Watch(keys, told.TakeAsync);
        await told.UntilAsync(keys.Length);
        double[] times = await LatenciesAsync(publisher, told, keys, WarmUpChanges + Changes);
        double[] sorted = [.. times.Skip(WarmUpChanges).Order()];
        string what = FormattableString.Invariant($"publish to callback, {keys.Length} keys watched");
        string detail = FormattableString.Invariant($"{Changes} changes, best {sorted[0]:0.0} ms, worst {sorted[^1]:0.0} ms");
        return
        [
            new Figure(what + ", median", sorted[sorted.Length / 2], medianBound, "ms", detail),
            new Figure(what + ", p99", sorted[sorted.Length * 99 / 100], p99Bound, "ms", detail),
        ];
    }

    /// <summary>The times from the beginning of a publish to the callback, one change after the other and the keys in turn.</summary>
    public static async Task<double[]> LatenciesAsync(AcmClient publisher, ChangeCounter told, ConfigKey[] keys, int changes)
    {
        var random = new Random(1);
        var times = new double[changes];
        for (int i = 0; i < times.Length; i++)
        {
            await Task.Delay(random.Next(LongestPauseMilliseconds));
            ConfigKey key = keys[i % keys.Length];
            int before = told.Count;
            long start = Stopwatch.GetTimestamp();
            Task published = publisher.PublishAsync(key, FormattableString.Invariant($"{key.DataId} {i} {Guid.NewGuid()}"));
            await told.UntilAsync(before + 1);
            times[i] = Stopwatch.GetElapsedTime(start, told.LastAt).TotalMilliseconds;
            await published;
        }

        return times;
    }
}
