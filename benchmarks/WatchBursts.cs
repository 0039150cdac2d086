using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>Checks bursts of changes: each change is reported once, and each key ends with its last content.</summary>
internal static class WatchBursts
{
    private const int Keys = 3000;
    private const int Changes = 1000;
    private const int FewKeys = 50;
    private const int ContentSize = 200;
    private const int WritesAtOnce = 32;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(Keys, ContentSize)).Select(name => new ConfigKey(name))];
        using AcmClient client = server.Connect();
        using AcmClient publisher = server.Connect();
        var told = new ChangeCounter();
        await using ConfigWatcher watcher = client.Watch(keys, told.TakeAsync);
        await told.UntilAsync(Keys);

        double spread = await Timing.MillisecondsAsync(async () =>
        {
            await PublishAsync(publisher, Enumerable.Range(0, Changes).Select(i => (keys[i], "burst " + i)));
            await told.UntilAsync(Keys + Changes);
        });
        await publisher.PublishAsync(keys[^1], "after the burst");
        await told.UntilAsync(Keys + Changes + 1);
        int missed = Enumerable.Range(0, Changes).Count(i => told.Newest(keys[i].DataId) != "burst " + i);
        int surplus = told.Count - (Keys + Changes + 1) + told.Repeats;

        for (int i = 0; i < Changes / FewKeys; i++) await PublishAsync(publisher, keys.Take(FewKeys).Select(key => (key, "round " + i)));
        string last = "round " + ((Changes / FewKeys) - 1);
        int wrong = await NotOnLastAsync(told, keys.Take(FewKeys), last);

        return
        [
            new Figure("1,000 changes of 1,000 of 3,000 keys: missed", missed, 1, "keys", FormattableString.Invariant($"publish of the first to the last callback {spread:0} ms")),
            new Figure("1,000 changes of 1,000 of 3,000 keys: twice", surplus, 1, "keys", ""),
            new Figure("1,000 changes of 50 keys: not on the last", wrong, 1, "keys", FormattableString.Invariant($"{told.Repeats} told twice in a row")),
        ];
    }

    /// <summary>Waits up to half a minute until the last content of each key is reported.</summary>
    /// <returns>The number of keys without their last content.</returns>
    public static async Task<int> NotOnLastAsync(ChangeCounter told, IEnumerable<ConfigKey> keys, string last)
    {
        ConfigKey[] open = [.. keys];
        for (int i = 0; i < 300 && open.Length > 0; i++)
        {
            open = Array.FindAll(open, key => told.Newest(key.DataId) != last);
            if (open.Length > 0) await Task.Delay(100);
        }

        return open.Length;
    }

    public static Task PublishAsync(AcmClient publisher, IEnumerable<(ConfigKey Key, string Content)> changes) =>
        Parallel.ForEachAsync(changes, new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce }, async (change, cancellationToken) => await publisher.PublishAsync(change.Key, change.Content, cancellationToken: cancellationToken));
}
