using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>Kills and restarts a server 20 times during 2,000 changes: every key ends with its last content, and no content is reported twice in a row.</summary>
internal static class WatchRestarts
{
    private const int Keys = 100;
    private const int Restarts = 20;
    private const int Changes = 2000;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using BenchmarkServer server = await BenchmarkServer.StartOnFileAsync(Path.Combine(folder.Path, "data.db"));
        ConfigKey[] keys = [.. Enumerable.Range(0, Keys).Select(i => new ConfigKey("app-" + i))];
        using AcmClient client = server.Connect();
        using AcmClient publisher = server.Connect();
        var told = new ChangeCounter();
        await using ConfigWatcher watcher = client.Watch(keys, told.TakeAsync);
        await watcher.Ready;

        int wrong = 0;
        double last = 0;
        for (int i = 0; i <= Restarts; i++)
        {
            // The server is killed during publishes; the publisher repeats each one until it is acknowledged.
            Task publishing = Task.WhenAll(keys.Take(Changes / Restarts).Select(key => PublishUntilTakenAsync(publisher, key, "round " + i)));
            if (i < Restarts)
            {
                server.Kill();
                await server.RestartAsync();
            }

            await publishing;
        }

        last = await Timing.MillisecondsAsync(async () => wrong = await WatchBursts.NotOnLastAsync(told, keys, "round " + Restarts));
        return
        [
            new Figure("20 restarts in 2,000 changes: not on the last", wrong, 1, "keys", FormattableString.Invariant($"{told.Count} told, the last {last:0} ms after its publish")),
            new Figure("20 restarts in 2,000 changes: twice in a row", told.Repeats, 1, "keys", ""),
        ];
    }

    private static async Task PublishUntilTakenAsync(AcmClient publisher, ConfigKey key, string content)
    {
        while (true)
        {
            try
            {
                await publisher.PublishAsync(key, content);
                return;
            }
            catch (AcmException e) when (e.Kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout)
            {
                await Task.Delay(100);
            }
        }
    }
}
