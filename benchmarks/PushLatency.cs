using System.Diagnostics;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>From a publish to the callback of a watcher in the engine: over gRPC, and by long polling in the same run. A key that changes several times a second is read at intervals, so that there are many.</summary>
internal static class PushLatency
{
    private const int FewKeys = 100;
    private const int ManyKeys = 3000;
    private const int ContentSize = 200;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(2 * ManyKeys, ContentSize)).Select(name => new ConfigKey(name))];
        return [.. await MeasureAsync(server, keys[..(2 * FewKeys)]), .. await MeasureAsync(server, keys)];
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchmarkServer server, ConfigKey[] keys)
    {
        using AcmClient client = server.ConnectNacos();
        using AcmClient publisher = server.ConnectNacos();
        using var pushed = new PublishTimes("engine over gRPC, publish to callback", keys[..(keys.Length / 2)]);
        using var polled = new PublishTimes("engine by long polling, publish to callback", keys[(keys.Length / 2)..]);
        await using ConfigWatcher pushWatcher = Watch(client, pushed, AcmWatchTransport.Grpc);
        await using ConfigWatcher pollWatcher = Watch(client, polled, AcmWatchTransport.LongPoll);
        await pushWatcher.Ready;
        await pollWatcher.Ready;
        await PublishTimes.MeasureAsync(publisher, pushed, polled);
        return [.. pushed.Figures(10, 50), .. polled.Figures(10, 50)];
    }

    private static ConfigWatcher Watch(AcmClient client, PublishTimes times, AcmWatchTransport transport)
    {
        return client.Watch([.. times.Keys], TakeAsync, new WatchOptions { Transport = transport, NoInitial = true });

        ValueTask TakeAsync(ConfigChange change, CancellationToken cancellationToken)
        {
            times.See(Stopwatch.GetTimestamp());
            return default;
        }
    }
}
