using System.Text;
using Acm.Client;
using Acm.Client.Text;
using Acm.Tests.Local;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>Known defects of other clients in watching, which this client must not have.</summary>
public sealed class DefectTests
{
    private static readonly ConfigKey Key = new("a");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Defect_R1_a_key_that_was_let_go_and_is_watched_again_is_polled()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server);
        using ConfigWatcher other = client.Watch([new ConfigKey("b")], new ChangeLog().TakeAsync);
        ConfigWatcher first = client.Watch([Key], new ChangeLog().TakeAsync);
        await Clients.InTime(Finished(first.Ready));
        first.Dispose();

        var log = new ChangeLog();
        using ConfigWatcher second = client.Watch([Key], log.TakeAsync);
        await Clients.InTime(Finished(second.Ready));
        await client.PublishAsync(Key, "1", cancellationToken: Cancelled);

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "1");
    }

    [Fact]
    public async Task Defect_R2_after_the_last_watcher_has_gone_the_next_one_is_polled()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server);
        for (int i = 0; i < 3; i++)
        {
            var log = new ChangeLog();
            using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync, new WatchOptions { NoInitial = true });
            await Clients.InTime(Finished(watcher.Ready));
            await client.PublishAsync(Key, "v" + i, cancellationToken: Cancelled);

            await log.ExpectAsync(ConfigChangeKind.Changed, "a", "v" + i);
        }
    }

    [Fact]
    public async Task Defect_R4_failover_text_that_GBK_cannot_hold_is_watched_as_any_other()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, "a", "emoji 😀");
        await using var server = new PollingServer(("a", "1"), ("b", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { FailoverPath = folder.Path }, new WatchClock());
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b")], log.TakeAsync);

        ConfigChange change = await log.NextAsync(change => change.DataId == "a");

        // In either order, because the folder is checked concurrently with the poll.
        if (!log.All.Any(told => told.DataId == "b")) await log.NextAsync(told => told is { DataId: "b", Content: "1" });

        Assert.Equal(("emoji 😀", ConfigSource.Failover), (change.Content, change.Source));
        Assert.DoesNotContain(server.Polls, poll => poll.Probe.Any(item => item.DataId == "a"));
    }

    [Fact]
    public async Task Defect_R5_a_first_round_that_fails_gives_the_snapshot_as_such_and_the_news_come_after_one_pause()
    {
        using var folder = new TemporaryFolder();
        await using var server = new PollingServer(("a", "old"), ("same", "1"), ("gone", "1"));
        AcmClientOptions options = WatchClock.Options(server.Http) with { NoSnapshot = false, SnapshotPath = folder.Path };
        ConfigKey[] keys = [Key, new ConfigKey("same"), new ConfigKey("gone"), new ConfigKey("never")];
        using (AcmClient before = Clients.With(options)) await before.GetManyAsync(keys, cancellationToken: Cancelled);
        server.Publish("a", "new");
        server.Publish("gone", null);
        server.Fault = _ => ScriptedReply.Status(503);
        var clock = new WatchClock();
        using AcmClient client = Clients.With(options, clock);
        var log = new ChangeLog();
        var changesOnly = new ChangeLog();

        using ConfigWatcher watcher = client.Watch(keys, log.TakeAsync);
        using ConfigWatcher quiet = client.Watch(keys, changesOnly.TakeAsync, new WatchOptions { NoInitial = true });
        ConfigChange[] first = [await log.NextAsync(), await log.NextAsync(), await log.NextAsync()];
        TimeSpan pause = await clock.NextPauseAsync();
        WatchState state = watcher.State;
        server.Fault = _ => null;
        clock.Advance(pause);
        ConfigChange[] second = [await log.NextAsync(), await log.NextAsync()];
        await Polling.UntilAsync(() => watcher.State == WatchState.Watching);
        var late = new ChangeLog();
        using ConfigWatcher latecomer = client.Watch([new ConfigKey("same")], late.TakeAsync);
        ConfigChange confirmed = await late.NextAsync();
        server.Publish("same", "2");
        await changesOnly.ExpectAsync(ConfigChangeKind.Changed, "same", "2");
        await Polling.UntilAsync(() => client.Watching.Snapshots.IsIdle);

        Assert.All(first, change => Assert.Equal((ConfigChangeKind.Initial, ConfigSource.Snapshot), (change.Kind, change.Source)));
        Assert.All(first, change => Assert.Contains("may be stale", change.Warning, StringComparison.Ordinal));
        Assert.Equal(["a old", "gone 1", "same 1"], first.Select(change => $"{change.DataId} {change.Content}").Order(StringComparer.Ordinal));
        Assert.Equal(["Changed a new", "Removed gone "], second.Select(change => $"{change.Kind} {change.DataId} {change.Content}").Order(StringComparer.Ordinal));
        Assert.Equal((TimeSpan.FromSeconds(1), WatchState.BackingOff), (pause, state));
        Assert.Single(changesOnly.All);
        Assert.Equal((ConfigChangeKind.Initial, "1", ConfigSource.Server, null), (confirmed.Kind, confirmed.Content, confirmed.Source, confirmed.Warning));
    }

    [Fact]
    public async Task Defect_R8_an_empty_failover_file_counts()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Path, "a", "");
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { FailoverPath = folder.Path }, new WatchClock());
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);

        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "");
        Assert.Empty(server.Http.Requests);
        Assert.Equal(WatchState.Watching, watcher.State);
    }

    [Fact]
    public async Task Defect_R9_empty_content_is_content_with_an_MD5_of_its_own()
    {
        await using var server = new PollingServer(("a", ""));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);

        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "");
        server.Publish("a", null);
        ConfigChange removed = await log.NextAsync();
        server.Publish("a", "");
        ConfigChange again = await log.NextAsync();

        Assert.Equal((ConfigChangeKind.Removed, null, ""), (removed.Kind, removed.Content, removed.PreviousContent));
        Assert.Equal((ConfigChangeKind.Changed, "", null), (again.Kind, again.Content, again.PreviousContent));
        Assert.Equal([Md5Hex.Of([]), "", Md5Hex.Of([])], server.Polls.Where(poll => poll.Hangs).Take(2).Select(poll => poll.Probe.Single().Md5).Append(again.Md5!));
    }

    [Fact]
    public async Task Defect_R12_a_callback_that_hangs_or_throws_hurts_no_other_and_what_threw_is_told_again()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"), ("b", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        using var blocked = new ManualResetEventSlim();
        var log = new ChangeLog();
        int throws = 0;
        var thrown = new ChangeLog();
        using ConfigWatcher hanging = client.Watch([Key], (_, _) =>
        {
            blocked.Wait(CancellationToken.None);
            return default;
        });
        using ConfigWatcher throwing = client.Watch([Key, new ConfigKey("b")], async (change, token) =>
        {
            if (change.DataId == "a" && ++throws <= 2) throw new InvalidOperationException("not yet");
            await thrown.TakeAsync(change, token);
        });
        using ConfigWatcher working = client.Watch([Key], log.TakeAsync);

        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        await thrown.ExpectAsync(ConfigChangeKind.Initial, "b", "1");
        Assert.Equal(1, await clock.PassAsync());
        TimeSpan pause = await clock.NextPauseAsync();
        WatchedKey status = throwing.Status()[0];
        server.Publish("a", "2");
        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
        await thrown.ExpectAsync(ConfigChangeKind.Initial, "a", "2");
        blocked.Set();

        Assert.Equal(TimeSpan.FromSeconds(2), pause);
        Assert.Equal("The callback failed: not yet", status.LastError);
        await Polling.UntilAsync(() => throwing.Delivered == 2);
        Assert.Equal([1, 1], throwing.Status().Select(key => key.Delivered));
    }

    [Fact]
    public async Task Defect_R12_watchers_may_come_and_go_within_a_callback()
    {
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var log = new ChangeLog();
        ConfigWatcher? outer = null;
        ConfigWatcher? inner = null;
        outer = client.Watch([Key], async (_, _) =>
        {
            inner = client.Watch([Key], log.TakeAsync);
            await outer!.DisposeAsync();
        });

        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        server.Publish("a", "2");
        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
        await Clients.InTime(Finished(outer.Completion));
        inner!.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Defect_R13_so_many_watchers_are_called_at_once_as_CallbackConcurrency_says(int concurrency)
    {
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { CallbackConcurrency = concurrency }, new WatchClock());
        var entered = new SemaphoreSlim(0);
        var leave = new TaskCompletionSource();
        int running = 0;
        int most = 0;
        var watchers = Enumerable.Range(0, 6).Select(_ => client.Watch([Key], async (_, _) =>
        {
            int now = Interlocked.Increment(ref running);
            lock (entered) most = Math.Max(most, now);
            entered.Release();
            await leave.Task;
            Interlocked.Decrement(ref running);
        })).ToList();

        for (int i = 0; i < concurrency; i++) Assert.True(await entered.WaitAsync(Clients.Deadline, Cancelled));
        leave.SetResult();
        for (int i = concurrency; i < watchers.Count; i++) Assert.True(await entered.WaitAsync(Clients.Deadline, Cancelled));

        Assert.Equal(concurrency, most);
        watchers.ForEach(watcher => watcher.Dispose());
        entered.Dispose();
    }

    [Fact]
    public async Task Defect_F3_and_F2_a_change_costs_one_read_and_one_poll_however_many_keys_are_watched()
    {
        (string, string)[] values = [.. Enumerable.Range(0, 50).Select(i => ("k" + i, "v"))];
        await using var server = new PollingServer(values);
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(values.Select(value => new ConfigKey(value.Item1)), log.TakeAsync);
        for (int i = 0; i < 50; i++) await log.NextAsync();
        await Polling.UntilAsync(() => server.Polls.Any(poll => poll.Hangs));
        int gets = server.Gets;
        int polls = server.Polls.Count;

        server.Publish("k7", "new");
        await log.ExpectAsync(ConfigChangeKind.Changed, "k7", "new");
        await Polling.UntilAsync(() => server.Polls.Count > polls);

        Assert.Equal(gets + 1, server.Gets);
        Assert.Equal(polls + 1, server.Polls.Count);
        Assert.Equal(51, log.All.Count);
    }

    [Fact]
    public async Task Defect_F5_changed_keys_are_read_in_batches_where_the_server_has_batch_get()
    {
        string[] names = [.. Enumerable.Range(0, 250).Select(i => "k" + i)];
        await using var server = new PollingServer([.. names.Select(name => (name, "v"))]);
        server.Fault = request => request.IsBatch ? Batch(request) : null;
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(names.Select(name => new ConfigKey(name)), log.TakeAsync);

        for (int i = 0; i < 250; i++) await log.NextAsync();

        Assert.Equal(0, server.Gets);
        Assert.Equal(3, server.Http.Requests.Count(request => request.IsBatch));

        static ScriptedReply Batch(ScriptedRequest request)
        {
            string[] dataIds = Uri.UnescapeDataString(request.Body.Split('&')[0]["dataIds=".Length..]).Split('\u0002');
            return ScriptedReply.Text(200, "application/json", "[" + string.Join(',', dataIds.Select(dataId => $$"""{"dataId":"{{dataId}}","group":"DEFAULT_GROUP","content":"v","status":1}""")) + "]");
        }
    }

    [Fact]
    public async Task Defect_F5_without_batch_get_eight_keys_are_read_at_once_and_no_more()
    {
        const int Limit = 8;
        const int Keys = 30;
        var held = new System.Collections.Concurrent.ConcurrentQueue<TaskCompletionSource>();
        await using var server = new PollingServer([.. Enumerable.Range(0, Keys).Select(i => ("k" + i, "v"))]);
        server.Fault = request =>
        {
            if (!request.IsGet) return null;

            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            held.Enqueue(gate);
            return ScriptedReply.Content("v") with { Gate = gate.Task };
        };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(Enumerable.Range(0, Keys).Select(i => new ConfigKey("k" + i)), log.TakeAsync);

        for (int answered = 0; answered < Keys; answered++)
        {
            await Polling.UntilAsync(() => held.Count >= Math.Min(Limit, Keys - answered));
            Assert.InRange(held.Count, 1, Limit);
            Assert.True(held.TryDequeue(out TaskCompletionSource? gate));
            gate.SetResult();
        }

        for (int i = 0; i < Keys; i++) await log.NextAsync();
    }

    [Fact]
    public async Task Defect_F7_three_thousand_keys_are_one_long_poll()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server);
        using ConfigWatcher watcher = client.Watch(Enumerable.Range(0, 3000).Select(i => new ConfigKey("k" + i)), new ChangeLog().TakeAsync);
        await Clients.InTime(Finished(watcher.Ready));

        await RunningServer.WaitForHangingPollsAsync(server.Uri, 1);
        Assert.Equal(WatchState.Watching, watcher.State);
    }

    internal static async Task<bool> Finished(Task task)
    {
        await task;
        return true;
    }

    private static void Write(string folder, string dataId, string text)
    {
        Directory.CreateDirectory(Path.Combine(folder, "ns-0001", "DEFAULT_GROUP"));
        File.WriteAllText(Path.Combine(folder, "ns-0001", "DEFAULT_GROUP", dataId), text, new UTF8Encoding(false));
    }

    private static AcmClient Connect(RunningServer server) => new(WatchClock.Options(server.Uri));
}
