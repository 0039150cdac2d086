using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>From a publish to the push over gRPC, of the server alone.</summary>
internal static class PushServer
{
    private const int ManyKeys = 3000;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        return
        [
            .. await MeasureAsync(server, [new ConfigKey("app.txt")]),
            .. await MeasureAsync(server, [.. Enumerable.Range(0, ManyKeys).Select(i => new ConfigKey(FormattableString.Invariant($"app-{i:00000}.txt")))]),
        ];
    }

    private static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchmarkServer server, IReadOnlyList<ConfigKey> keys)
    {
        using AcmClient publisher = server.ConnectNacos();
        using var times = new PublishTimes("server alone, publish to push", keys);
        using PushPeer peer = await PushPeer.ConnectAsync(server.GrpcUri, times.See);
        await peer.ListenAsync(keys);
        await PublishTimes.MeasureAsync(publisher, times);
        return times.Figures(2, 20);
    }
}
