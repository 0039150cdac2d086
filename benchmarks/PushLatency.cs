using System.Diagnostics;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>From a publish to the push of the server alone, over gRPC.</summary>
internal static class PushLatency
{
    private const int ManyKeys = 3000;
    private const int ContentSize = 200;
    private const int Changes = 500;
    private const int WarmUpChanges = 200;
    private const int LongestPauseMilliseconds = 20;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(ManyKeys, ContentSize)).Select(name => new ConfigKey(name))];
        return
        [
            .. await ServerAsync(server, [new ConfigKey("push-only")], 2, 20),
            .. await ServerAsync(server, [.. keys.Select(key => new ConfigKey("push-" + key.DataId))], 2, 20),
        ];
    }

    private static async Task<IReadOnlyList<Figure>> ServerAsync(BenchmarkServer server, ConfigKey[] keys, double medianBound, double p99Bound)
    {
        using AcmClient publisher = server.ConnectNacos();
        using var pushed = new SemaphoreSlim(0);
        long lastAt = 0;
        using PushPeer peer = await PushPeer.ConnectAsync(server.GrpcUri, at =>
        {
            lastAt = at;
            pushed.Release();
        });
        await peer.ListenAsync(keys);
        return Figures("server alone, publish to push", keys.Length, await TimesAsync(publisher, keys, pushed, () => lastAt), medianBound, p99Bound);
    }

    /// <summary>The times from the beginning of a publish on to what it causes, one change after the other.</summary>
    private static async Task<double[]> TimesAsync(AcmClient publisher, ConfigKey[] keys, SemaphoreSlim seen, Func<long> seenAt)
    {
        var random = new Random(1);
        var times = new double[WarmUpChanges + Changes];
        for (int i = 0; i < times.Length; i++)
        {
            await Task.Delay(random.Next(LongestPauseMilliseconds));
            long start = Stopwatch.GetTimestamp();
            Task published = publisher.PublishAsync(keys[random.Next(keys.Length)], FormattableString.Invariant($"{i} {Guid.NewGuid()}"));
            if (!await seen.WaitAsync(TimeSpan.FromMinutes(1))) throw new TimeoutException("A change was not told.");
            times[i] = Stopwatch.GetElapsedTime(start, seenAt()).TotalMilliseconds;
            await published;
        }

        return [.. times.Skip(WarmUpChanges).Order()];
    }

    private static Figure[] Figures(string what, int keys, double[] sorted, double medianBound, double p99Bound)
    {
        string name = FormattableString.Invariant($"{what}, {keys} keys");
        string detail = FormattableString.Invariant($"{Changes} changes, best {sorted[0]:0.00} ms, worst {sorted[^1]:0.0} ms");
        return [new Figure(name + ", median", sorted[sorted.Length / 2], medianBound, "ms", detail), new Figure(name + ", p99", sorted[sorted.Length * 99 / 100], p99Bound, "ms", detail)];
    }
}
