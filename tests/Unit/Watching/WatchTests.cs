using Acm.Client;
using Acm.Client.Text;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>Watching with a real server.</summary>
public sealed class WatchTests
{
    private static readonly ConfigKey Key = new("app.yml");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watcher_is_told_the_value_each_change_the_removal_and_the_new_beginning()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);

        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "one");
        await client.PublishAsync(Key, "two", cancellationToken: Cancelled);
        ConfigChange changed = await log.NextAsync();
        await client.RemoveAsync(Key, cancellationToken: Cancelled);
        ConfigChange removed = await log.NextAsync();
        await client.PublishAsync(Key, "three", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "three");

        Assert.Equal((ConfigChangeKind.Changed, "two", "two", "one", ConfigSource.Server), (changed.Kind, changed.Content, changed.RawContent, changed.PreviousContent, changed.Source));
        Assert.Equal((Md5Hex.Of("two"u8), Md5Hex.Of("one"u8)), (changed.Md5, changed.PreviousMd5));
        Assert.Equal((ConfigChangeKind.Removed, null, null, null, "two"), (removed.Kind, removed.Content, removed.RawContent, removed.Md5, removed.PreviousContent));
        Assert.Equal(("ns", "DEFAULT_GROUP"), (changed.Namespace, changed.Group));
    }

    [Fact]
    public async Task A_missing_key_says_nothing_until_it_is_there()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await Clients.InTime(Finished(watcher.Ready));

        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);

        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "one");
        Assert.Single(log.All);
    }

    [Fact]
    public async Task Without_the_initial_value_the_first_word_is_of_a_change()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("later")], log.TakeAsync, new WatchOptions { NoInitial = true });
        await Clients.InTime(Finished(watcher.Ready));

        await client.PublishAsync(Key, "two", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
        await client.PublishAsync(new ConfigKey("later"), "new", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "later", "new");

        Assert.Equal("one", log.All.First().PreviousContent);
    }

    [Fact]
    public async Task The_same_content_again_says_nothing()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.NextAsync();

        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        await client.PublishAsync(Key, "two", cancellationToken: Cancelled);

        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
    }

    [Fact]
    public async Task Defect_R7_a_key_added_while_a_poll_hangs_is_live_at_once()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        ConfigKey[] many = [.. Enumerable.Range(0, 200).Select(i => new ConfigKey("k" + i))];
        using ConfigWatcher first = client.Watch(many, new ChangeLog().TakeAsync);
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 1);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);

        var log = new ChangeLog();
        using ConfigWatcher second = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "one");
        await client.PublishAsync(Key, "two", cancellationToken: Cancelled);

        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
    }

    [Fact]
    public async Task A_newcomer_that_hung_by_itself_joins_the_others_at_their_next_turn()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        ConfigKey[] many = [.. Enumerable.Range(0, 200).Select(i => new ConfigKey("k" + i))];
        var log = new ChangeLog();
        using ConfigWatcher first = client.Watch(many, log.TakeAsync);
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 1);
        using ConfigWatcher second = client.Watch([Key], log.TakeAsync);
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 2);

        await client.PublishAsync(many[7], "turn", cancellationToken: Cancelled);
        await log.NextAsync();
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 1);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);

        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "one");
    }

    [Fact]
    public async Task A_change_missed_while_the_server_was_away_is_told_when_it_is_back()
    {
        using var folder = new Local.TemporaryFolder();
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(Path.Combine(folder.Path, "data.db"));
        using AcmClient client = Connect(server.Uri);
        using AcmClient other = Connect(server.Uri);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.NextAsync();

        server.Kill();
        await server.RestartAsync();
        await other.PublishAsync(Key, "two", cancellationToken: Cancelled);

        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
        Assert.Equal(2, log.All.Count);
    }

    [Fact]
    public async Task Watchers_of_one_key_share_a_poll_and_a_read_and_each_is_told()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        ChangeLog[] logs = [new(), new(), new()];
        var watchers = logs.Select(log => client.Watch([Key], log.TakeAsync)).ToList();
        foreach (ChangeLog log in logs) await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "one");
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 1);

        watchers[1].Dispose();
        await client.PublishAsync(Key, "two", cancellationToken: Cancelled);

        await logs[0].ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
        await logs[2].ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
        Assert.Single(logs[1].All);
        watchers.ForEach(watcher => watcher.Dispose());
    }

    [Fact]
    public async Task Keys_are_told_apart_by_group_and_namespace()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        AcmClient blank = client.ForNamespace("");
        var here = new ChangeLog();
        var there = new ChangeLog();
        using ConfigWatcher first = client.Watch([Key, new ConfigKey("app.yml", "other:1")], here.TakeAsync);
        using ConfigWatcher second = blank.Watch([Key], there.TakeAsync);
        await Clients.InTime(Finished(Task.WhenAll(first.Ready, second.Ready)));

        await blank.PublishAsync(Key, "blank", cancellationToken: Cancelled);
        await client.PublishAsync(new ConfigKey("app.yml", "other:1"), "other", cancellationToken: Cancelled);

        ConfigChange one = await here.NextAsync();
        ConfigChange two = await there.NextAsync();
        Assert.Equal(("other:1", "ns", "other"), (one.Group, one.Namespace, one.Content));
        Assert.Equal(("DEFAULT_GROUP", "", "blank"), (two.Group, two.Namespace, two.Content));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Keys_beyond_one_batch_have_polls_of_their_own_and_are_all_told(int batchSize)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var client = new AcmClient(WatchClock.Options(server.Uri) with { LongPollBatchSize = batchSize });
        ConfigKey[] keys = [.. Enumerable.Range(0, 21).Select(i => new ConfigKey("k" + i, i % 2 == 0 ? "a" : "b"))];
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(keys, log.TakeAsync);
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 21 / batchSize);

        foreach (ConfigKey key in keys)
        {
            await client.PublishAsync(key, "of " + key, cancellationToken: Cancelled);
            await log.ExpectAsync(ConfigChangeKind.Changed, key.DataId, "of " + key);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("ns")]
    public async Task Polls_are_signed_so_that_a_strict_server_takes_them(string @namespace)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { AccessKey = Clients.Credential.AccessKey, SecretKey = Clients.Credential.SecretKey });
        using var client = new AcmClient(WatchClock.Options(server.Uri) with { Namespace = @namespace, Credential = Clients.Credential });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 1);

        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);

        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "one");
    }

    [Fact]
    public async Task What_a_watch_reads_is_kept_as_a_snapshot_and_set_aside_when_it_is_gone()
    {
        using var folder = new Local.TemporaryFolder();
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient publisher = Connect(server.Uri);
        await publisher.PublishAsync(Key, "one", cancellationToken: Cancelled);
        using var client = new AcmClient(WatchClock.Options(server.Uri) with { SnapshotPath = folder.Path });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.NextAsync();
        var store = new Client.Local.SnapshotStore(folder.Path, TimeProvider.System);
        await Polling.UntilAsync(() => store.Read("ns", Key).Config?.Text == "one");

        await publisher.PublishAsync(Key, "two", cancellationToken: Cancelled);
        await Polling.UntilAsync(() => store.Read("ns", Key).Config?.Text == "two");
        await publisher.RemoveAsync(Key, cancellationToken: Cancelled);

        await Polling.UntilAsync(() => store.Read("ns", Key).State == Client.Local.SnapshotState.Absent);
    }

    private static AcmClient Connect(Uri server) => new(WatchClock.Options(server));

    private static async Task<bool> Finished(Task task)
    {
        await task;
        return true;
    }
}
