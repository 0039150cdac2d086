using Acm.Client;
using Acm.Tests.Local;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>Bursts of changes on a real server.</summary>
public sealed class BurstTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_changes_of_a_thousand_of_three_thousand_keys_are_all_told_and_none_twice()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        ConfigKey[] keys = [.. Enumerable.Range(0, 3000).Select(i => new ConfigKey("k" + i))];
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(keys, log.TakeAsync);
        await Clients.InTime(DefectTests.Finished(watcher.Ready));

        await PublishAsync(client, keys.Take(1000).Select(key => (key, "value of " + key.DataId)));
        for (int i = 0; i < 1000; i++) await log.NextAsync();
        await client.PublishAsync(keys[2999], "last", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "k2999", "last");

        Assert.Equal(1000, log.All.Take(1000).Select(change => change.Key).Distinct().Count());
        Assert.All(log.All.Take(1000), change => Assert.Equal("value of " + change.DataId, change.Content));
    }

    [Fact]
    public async Task Of_a_thousand_changes_of_fifty_keys_the_last_one_told_is_the_last_one_made()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        ConfigKey[] keys = [.. Enumerable.Range(0, 50).Select(i => new ConfigKey("k" + i))];
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(keys, log.TakeAsync);
        await Clients.InTime(DefectTests.Finished(watcher.Ready));

        for (int i = 0; i < 20; i++) await PublishAsync(client, keys.Select(key => (key, $"{key.DataId} {i}")));

        await ExpectLastAsync(log, keys, "19");
    }

    [Fact]
    public async Task Through_restarts_of_the_server_every_key_ends_on_its_last_content_and_none_is_told_twice_in_a_row()
    {
        using var folder = new TemporaryFolder();
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(Path.Combine(folder.Path, "data.db"));
        using AcmClient client = Connect(server.Uri);
        ConfigKey[] keys = [.. Enumerable.Range(0, 20).Select(i => new ConfigKey("k" + i))];
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(keys, log.TakeAsync);
        await Clients.InTime(DefectTests.Finished(watcher.Ready));

        for (int i = 0; i < 4; i++)
        {
            await PublishAsync(client, keys.Select(key => (key, $"{key.DataId} {i}")));
            if (i == 3) break;
            server.Kill();
            await server.RestartAsync();
        }

        await ExpectLastAsync(log, keys, "3");
    }

    private static async Task ExpectLastAsync(ChangeLog log, ConfigKey[] keys, string last)
    {
        var open = keys.Select(key => key.DataId).ToHashSet();
        while (open.Count > 0)
        {
            ConfigChange change = await log.NextAsync();
            if (change.Content == $"{change.DataId} {last}") open.Remove(change.DataId);
        }

        foreach (IGrouping<string, ConfigChange> ofKey in log.All.GroupBy(change => change.DataId))
        {
            string?[] contents = [.. ofKey.Select(change => change.Content)];
            Assert.Equal($"{ofKey.Key} {last}", contents[^1]);
            Assert.DoesNotContain(contents.Zip(contents.Skip(1)), pair => pair.First == pair.Second);
        }
    }

    private static Task PublishAsync(AcmClient client, IEnumerable<(ConfigKey Key, string Content)> changes) =>
        Parallel.ForEachAsync(changes, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancelled }, async (change, cancelled) => await client.PublishAsync(change.Key, change.Content, cancellationToken: cancelled));

    private static AcmClient Connect(Uri server) => new(WatchClock.Options(server) with { TotalTimeout = TimeSpan.FromMinutes(2) });
}
