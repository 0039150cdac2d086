using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>1,000 watchers that nothing happens to: what the server does meanwhile, for watchers of one client and for as many clients with a connection each.</summary>
internal static class PushIdle
{
    private const int Watchers = 1000;
    private const int ConnectsAtOnce = 32;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>How often clients ask whether their connection is alive.</summary>
    private static readonly TimeSpan HealthCheck = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. Enumerable.Range(0, Watchers).Select(i => new ConfigKey(FormattableString.Invariant($"app-{i:00000}.txt")))];
        return [await OneClientAsync(server, keys), await ManyClientsAsync(server, keys)];
    }

    private static async Task<Figure> OneClientAsync(BenchmarkServer server, ConfigKey[] keys)
    {
        using AcmClient client = server.ConnectNacos();
        ConfigWatcher[] watchers = [.. keys.Select(key => client.Watch([key], (_, _) => default, new WatchOptions { Transport = AcmWatchTransport.Grpc }))];
        foreach (ConfigWatcher watcher in watchers) await watcher.Ready;
        double used = await UsedAsync(server, _ => Task.CompletedTask);
        foreach (ConfigWatcher watcher in watchers) await watcher.DisposeAsync();
        return new Figure("1,000 watchers of one client, idle server", used, 1, "%", FormattableString.Invariant($"processor time of a core over {Idle.TotalSeconds:0} s"));
    }

    private static async Task<Figure> ManyClientsAsync(BenchmarkServer server, ConfigKey[] keys)
    {
        var peers = new PushPeer?[keys.Length];
        try
        {
            await Parallel.ForEachAsync(Enumerable.Range(0, keys.Length), new ParallelOptions { MaxDegreeOfParallelism = ConnectsAtOnce }, async (i, _) =>
            {
                peers[i] = await PushPeer.ConnectAsync(server.GrpcUri, _ => { });
                await peers[i]!.ListenAsync([keys[i]]);
            });
            double used = await UsedAsync(server, async cancellationToken =>
            {
                for (int i = 0; ; i++)
                {
                    await Task.Delay(HealthCheck / Watchers * 10, cancellationToken);
                    for (int j = 0; j < 10; j++) await peers[((10 * i) + j) % Watchers]!.CheckHealthAsync();
                }
            });
            return new Figure("1,000 clients of one watcher, idle server", used, 1, "%", FormattableString.Invariant($"processor time of a core over {Idle.TotalSeconds:0} s, each asks every {HealthCheck.TotalSeconds:0} s whether its connection is alive"));
        }
        finally
        {
            foreach (PushPeer? peer in peers) peer?.Dispose();
        }
    }

    private static async Task<double> UsedAsync(BenchmarkServer server, Func<CancellationToken, Task> meanwhile)
    {
        using var ending = new CancellationTokenSource();
        Task other = meanwhile(ending.Token);
        await Task.Delay(Settling);
        TimeSpan before = server.ProcessorTime;
        await Task.Delay(Idle);
        double used = 100 * (server.ProcessorTime - before) / Idle;
        await ending.CancelAsync();
        try
        {
            await other;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }

        return used;
    }
}
