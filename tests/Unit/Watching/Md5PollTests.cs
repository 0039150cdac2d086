using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>With servers that reject long polls, keys are compared at an interval.</summary>
public sealed class Md5PollTests
{
    private static readonly ConfigKey Key = new("a");

    [Fact]
    public async Task A_server_without_long_polls_is_asked_for_differences_every_ten_seconds()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = Refuse };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);

        TimeSpan interval = await IntervalAsync(clock);
        WatchState state = watcher.State;
        server.Publish("a", "2");
        clock.Advance(interval);
        await log.NextAsync(change => change is { Kind: ConfigChangeKind.Changed, Content: "2" });
        TimeSpan next = await clock.NextPauseAsync();
        server.Publish("a", null);
        clock.Advance(next);
        await log.NextAsync(change => change.Kind == ConfigChangeKind.Removed);

        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)), (interval, next));
        Assert.Equal(WatchState.Watching, state);
        Assert.Equal(2, server.Polls.Count(poll => poll.Hangs));
        Assert.Equal(3, log.All.Count);
    }

    [Fact]
    public async Task A_newcomer_is_compared_at_once_and_the_others_when_their_time_comes()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"), ("b", "1")) { Fault = Refuse };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        TimeSpan interval = await IntervalAsync(clock);
        int polls = server.Polls.Count;
        clock.Advance(TimeSpan.FromSeconds(4));

        using ConfigWatcher newcomer = client.Watch([new ConfigKey("b")], log.TakeAsync);
        await log.NextAsync(change => change is { DataId: "b", Content: "1" });
        TimeSpan left = await clock.NextPauseAsync();

        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(6)), (interval, left));
        Assert.Equal("b", Assert.Single(server.Polls.Skip(polls)).Probe.Single().DataId);
    }

    [Fact]
    public async Task A_key_that_left_is_compared_no_more()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"), ("b", "1")) { Fault = Refuse };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b")], new ChangeLog().TakeAsync);
        TimeSpan interval = await IntervalAsync(clock);

        watcher.Remove([Key]);
        clock.Advance(interval);
        clock.Advance(await clock.NextPauseAsync());
        await clock.NextPauseAsync();

        Assert.Equal("b", server.Polls[^1].Probe.Single().DataId);
    }

    [Fact]
    public async Task Comparing_that_fails_is_tried_again_with_pauses_that_grow()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = Refuse };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        TimeSpan interval = await IntervalAsync(clock);

        server.Fault = request => request.IsPoll ? ScriptedReply.Text(403, "text/html", "403 error") : null;
        clock.Advance(interval);
        foreach (int expected in new[] { 1, 2 }) Assert.Equal(expected, await clock.PassAsync());
        TimeSpan last = await clock.NextPauseAsync();
        WatchedKey status = watcher.Status()[0];
        server.Fault = Refuse;
        server.Publish("a", "2");
        clock.Advance(last);

        await log.NextAsync(change => change.Content == "2");
        Assert.Equal((4.0, WatchState.BackingOff), (last.TotalSeconds, status.State));
        Assert.Contains("denied", status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_poll_that_is_refused_once_is_tried_again()
    {
        var clock = new WatchClock();
        int hanging = 0;
        await using var server = new PollingServer(("a", "1")) { Fault = request => request.Hangs && ++hanging == 1 ? ScriptedReply.Status(404) : null };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        Assert.Equal(1, await clock.PassAsync());
        await Polling.UntilAsync(() => server.Polls.Count(poll => poll.Hangs) == 2);

        server.Publish("a", "2");

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
    }

    [Fact]
    public async Task After_five_minutes_a_long_poll_is_tried_again()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = Refuse };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        TimeSpan interval = await IntervalAsync(clock);
        bool? before = client.Capabilities.LongPoll;
        server.Fault = _ => null;

        await PassFiveMinutesAsync(clock, interval);
        await Polling.UntilAsync(() => server.Polls.Count(poll => poll.Hangs) == 3);
        server.Publish("a", "2");
        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");

        Assert.Equal((false, true), (before, client.Capabilities.LongPoll));
    }

    [Fact]
    public async Task A_long_poll_that_is_refused_again_after_five_minutes_interrupts_nothing()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = Refuse };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        TimeSpan interval = await IntervalAsync(clock);

        await PassFiveMinutesAsync(clock, interval);
        TimeSpan next = await clock.NextPauseAsync();
        server.Publish("a", "2");
        clock.Advance(next);
        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");

        Assert.Equal((TimeSpan.FromSeconds(10), 3, WatchState.Watching), (next, server.Polls.Count(poll => poll.Hangs), watcher.State));
    }

    [Fact]
    public async Task A_server_that_refuses_long_polls_hands_over_to_one_that_holds_them()
    {
        var clock = new WatchClock();
        await using var refusing = new PollingServer(("a", "0")) { Fault = Refuse };
        await using var holding = new PollingServer(("a", "0"));
        using AcmClient client = Clients.With(WatchClock.Options(refusing.Http, holding.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "0");

        for (int i = 1; i <= 3; i++)
        {
            await Polling.UntilAsync(() => holding.Polls.Count(poll => poll.Hangs) == i);
            refusing.Publish("a", $"{i}");
            holding.Publish("a", $"{i}");
            await log.ExpectAsync(ConfigChangeKind.Changed, "a", $"{i}");
        }

        Assert.Contains(refusing.Polls, poll => poll.Hangs);
        Assert.True(client.Capabilities.LongPoll);
    }

    private static ScriptedReply? Refuse(ScriptedRequest request) => request.Hangs ? ScriptedReply.Status(501) : null;

    /// <summary>Lets the period elapse in which keys are compared every ten seconds, starting with the first of these pauses.</summary>
    private static async Task PassFiveMinutesAsync(WatchClock clock, TimeSpan first)
    {
        clock.Advance(first);
        for (int i = 1; i < 30; i++) Assert.Equal(10, await clock.PassAsync());
    }

    /// <summary>Lets the pauses after both rejected long polls elapse, and waits for the interval to start.</summary>
    private static async Task<TimeSpan> IntervalAsync(WatchClock clock)
    {
        Assert.Equal((1, 1), (await clock.PassAsync(), await clock.PassAsync()));
        return await clock.NextPauseAsync();
    }
}
