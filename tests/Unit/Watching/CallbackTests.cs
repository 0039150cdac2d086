using System.Collections.Concurrent;
using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>The order and number of callbacks.</summary>
public sealed class CallbackTests
{
    private static readonly ConfigKey Key = new("a");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watcher_that_is_behind_is_told_the_newest_value_and_never_an_old_one_late()
    {
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        var slow = new ChangeLog();
        var quick = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], async (change, token) =>
        {
            await slow.TakeAsync(change, token);
            entered.TrySetResult();
            await leave.Task;
        });
        using ConfigWatcher other = client.Watch([Key], quick.TakeAsync);
        await Clients.InTime(DefectTests.Finished(entered.Task));
        await quick.NextAsync();

        for (int i = 2; i <= 5; i++)
        {
            server.Publish("a", i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await quick.NextAsync();
        }

        leave.SetResult();
        await slow.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        ConfigChange second = await slow.NextAsync();

        Assert.Equal(("5", "1"), (second.Content, second.PreviousContent));
        Assert.Equal(2, slow.All.Count);
        Assert.Equal(5, quick.All.Count);
    }

    [Fact]
    public async Task A_value_that_is_back_before_its_turn_is_not_told()
    {
        await using var server = new PollingServer(("a", "1"), ("b", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        var slow = new ChangeLog();
        var quick = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b")], async (change, token) =>
        {
            await slow.TakeAsync(change, token);
            if (slow.All.Count < 3) return;
            entered.TrySetResult();
            await leave.Task;
        });
        using ConfigWatcher other = client.Watch([Key], quick.TakeAsync);
        await quick.NextAsync();
        await slow.NextAsync();
        await slow.NextAsync();
        server.Publish("b", "2");
        await Clients.InTime(DefectTests.Finished(entered.Task));

        server.Publish("a", null);
        await quick.NextAsync();
        server.Publish("a", "1");
        await quick.NextAsync();
        server.Publish("b", "3");
        leave.SetResult();

        await slow.ExpectAsync(ConfigChangeKind.Changed, "b", "2");
        await slow.ExpectAsync(ConfigChangeKind.Changed, "b", "3");
    }

    [Fact]
    public async Task Calls_for_one_watcher_never_overlap()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(i => "k" + i)];
        await using var server = new PollingServer([.. names.Select(name => (name, "v"))]);
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        int running = 0;
        var overlaps = new ConcurrentBag<string>();
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(names.Select(name => new ConfigKey(name)), async (change, token) =>
        {
            if (Interlocked.Increment(ref running) > 1) overlaps.Add(change.DataId);
            await Task.Yield();
            Interlocked.Decrement(ref running);
            await log.TakeAsync(change, token);
        });

        for (int i = 0; i < 40; i++) await log.NextAsync();

        Assert.Empty(overlaps);
    }

    [Fact]
    public async Task Watchers_of_one_lane_are_told_one_at_a_time_the_newest_and_those_that_wait_keep_no_other_out()
    {
        await using var server = new PollingServer(("a", "1"));
        await using var elsewhere = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { CallbackConcurrency = 2 }, new WatchClock());
        using AcmClient another = Clients.With(WatchClock.Options(elsewhere.Http), new WatchClock());
        var lane = new CallbackQueue();
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        ChangeLog[] logs = [new(), new(), new()];
        int inside = 0;
        int most = 0;
        ConfigWatcher InLane(AcmClient of, ChangeLog log) => of.Watch([Key], async (change, token) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            await log.TakeAsync(change, token);
            entered.TrySetResult();
            await leave.Task;
            Interlocked.Decrement(ref inside);
        }, new WatchOptions { Lane = lane });
        using ConfigWatcher first = InLane(client, logs[0]);
        await Clients.InTime(DefectTests.Finished(entered.Task));
        using ConfigWatcher second = InLane(client, logs[1]);
        using ConfigWatcher third = InLane(another, logs[2]);
        ConfigWatcher gone = InLane(client, new ChangeLog());
        var free = new ChangeLog();
        using ConfigWatcher outside = client.Watch([Key], free.TakeAsync);
        await free.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        server.Publish("a", "2");
        await free.ExpectAsync(ConfigChangeKind.Changed, "a", "2");

        gone.Dispose();
        await Clients.InTime(DefectTests.Finished(gone.Completion));
        leave.SetResult();

        await logs[1].ExpectAsync(ConfigChangeKind.Initial, "a", "2");
        await logs[2].ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        await logs[0].ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        await logs[0].ExpectAsync(ConfigChangeKind.Changed, "a", "2");
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task A_key_named_twice_is_watched_once_and_a_wrong_key_is_refused()
    {
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("a")], log.TakeAsync);
        await log.NextAsync();

        Assert.Equal([Key], watcher.Keys);
        Assert.Equal(AcmErrorKind.InvalidKey, Assert.Throws<AcmException>(() => client.Watch([new ConfigKey("no/slash")], log.TakeAsync)).Kind);
    }

    [Fact]
    public async Task Keys_that_are_let_go_drop_out_without_a_new_poll_and_say_nothing_more()
    {
        await using var server = new PollingServer(("a", "1"), ("b", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b")], log.TakeAsync);
        await log.NextAsync();
        await log.NextAsync();
        await Polling.UntilAsync(() => server.Polls.Any(poll => poll.Hangs));
        int polls = server.Polls.Count;

        watcher.Remove([Key, new ConfigKey("unknown")]);
        int afterwards = server.Polls.Count;
        server.Publish("a", "2");
        server.Publish("b", "2");
        await log.ExpectAsync(ConfigChangeKind.Changed, "b", "2");
        await Polling.UntilAsync(() => server.Polls.Count > polls);

        Assert.Equal(polls, afterwards);
        Assert.Equal([new ConfigKey("b")], watcher.Keys);
        Assert.Equal((false, true), (watcher.Contains(Key), watcher.Contains(new ConfigKey("b"))));
        Assert.Equal(["b"], server.Polls[^1].Probe.Select(item => item.DataId));
        Assert.Single(watcher.Status());
    }

    [Fact]
    public async Task The_status_tells_state_last_change_and_how_often_each_key_was_told()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("missing")], log.TakeAsync);
        await log.NextAsync();
        server.Publish("a", "2");
        await log.NextAsync();
        await Polling.UntilAsync(() => watcher.Delivered == 2);

        WatchedKey[] status = [.. watcher.Status()];

        Assert.Equal([Key, new ConfigKey("missing")], status.Select(key => key.Key));
        Assert.Equal([2, 0], status.Select(key => key.Delivered));
        Assert.Equal([clock.GetUtcNow(), null], status.Select(key => key.LastChange));
        Assert.All(status, key => Assert.Equal((WatchState.Watching, null), (key.State, key.LastError)));
    }

    [Fact]
    public async Task A_callback_that_ends_with_its_watcher_is_no_failure()
    {
        await using var server = new PollingServer(("a", "1"));
        var lines = new RecordingLog(AcmLogLevel.Warning);
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { Log = lines }, new WatchClock());
        var entered = new TaskCompletionSource();
        ConfigWatcher watcher = client.Watch([Key], async (_, token) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        await entered.Task.WaitAsync(Clients.Deadline, Cancelled);

        await watcher.DisposeAsync();

        Assert.True(watcher.Completion.IsCompleted);
        Assert.Empty(lines.Lines);
    }
}
