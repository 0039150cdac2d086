using Acm.Client;
using Acm.Client.Watching;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>Servers that fail or send wrong responses, with a fake clock. The tests count their requests.</summary>
public sealed class FaultTests
{
    private static readonly ConfigKey Key = new("a");

    [Fact]
    public async Task A_server_that_answers_polls_at_once_with_nothing_is_asked_ever_more_slowly()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = request => request.Hangs ? PollingServer.Nothing : null };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        using ConfigWatcher watcher = client.Watch([Key], new ChangeLog().TakeAsync);

        foreach (int expected in new[] { 1, 2, 4, 8, 15, 15 })
        {
            Assert.Equal(expected, await clock.PassAsync());
        }

        await clock.NextPauseAsync();
        Assert.Equal(1 + 7, server.Polls.Count);
        Assert.Equal(1, server.Gets);
        Assert.Equal(WatchState.BackingOff, watcher.State);
        Assert.Contains("at once", watcher.Status()[0].LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_poll_that_was_answered_at_once_is_forgotten_when_the_next_one_hangs()
    {
        var clock = new WatchClock();
        int hanging = 0;
        await using var server = new PollingServer(("a", "1")) { Fault = request => request.Hangs && ++hanging == 1 ? PollingServer.Nothing : null };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        using ConfigWatcher watcher = client.Watch([Key], new ChangeLog().TakeAsync);
        TimeSpan pause = await clock.NextPauseAsync();
        WatchState meanwhile = watcher.State;

        clock.Advance(pause);
        await Polling.UntilAsync(() => server.Polls.Count(poll => poll.Hangs) == 2);

        Assert.Equal((WatchState.BackingOff, WatchState.Watching), (meanwhile, watcher.State));
    }

    [Fact]
    public async Task Values_that_a_server_does_not_give_keep_no_other_key_from_being_watched_for_long()
    {
        await using var server = new PollingServer(("a", "1"), ("b", "1")) { Fault = request => request.IsGet && request.Field("dataId") != "c" ? ScriptedReply.Hang : null };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http));
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b"), new ConfigKey("c")], log.TakeAsync);
        await Polling.UntilAsync(() => server.Gets == 2);

        server.Publish("c", "1");

        await log.ExpectAsync(ConfigChangeKind.Changed, "c", "1");
    }

    [Fact]
    public async Task A_watcher_that_begins_while_no_server_answers_is_told_why_it_hears_nothing()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = _ => ScriptedReply.Status(503) };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        using ConfigWatcher first = client.Watch([Key], new ChangeLog().TakeAsync);
        await clock.NextPauseAsync();
        var lines = new RecordingLog(AcmLogLevel.Warning);

        using ConfigWatcher second = client.Watch([Key], new ChangeLog().TakeAsync, log: lines);

        Assert.Contains("503", Assert.Single(lines.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_outage_is_one_warning_and_one_line_when_it_is_over_however_many_polls_it_hits()
    {
        var clock = new WatchClock();
        var breaking = new TaskCompletionSource();
        await using var server = new PollingServer(("a", "1"), ("b", "1"), ("c", "1"), ("d", "1"))
        {
            Fault = request => breaking.Task.IsCompleted ? ScriptedReply.Status(503) : request.Hangs ? ScriptedReply.Reset with { Gate = breaking.Task } : null,
        };
        var all = new RecordingLog(AcmLogLevel.Verbose);
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { LongPollBatchSize = 1, Log = all }, clock);
        var log = new ChangeLog();
        var warnings = new RecordingLog(AcmLogLevel.Warning);
        using ConfigWatcher watcher = client.Watch([Key, new("b"), new("c"), new("d")], log.TakeAsync, log: warnings);
        for (int i = 0; i < 4; i++) await log.NextAsync();
        await Polling.UntilAsync(() => server.Polls.Count(poll => poll.Hangs) == 4);

        breaking.SetResult();
        for (int i = 0; i < 4; i++) await clock.NextPauseAsync();
        var late = new RecordingLog(AcmLogLevel.Warning);
        using ConfigWatcher newcomer = client.Watch([new("e"), new("f")], log.TakeAsync, log: late);
        for (int i = 0; i < 2; i++) await clock.NextPauseAsync();
        server.Fault = _ => null;
        clock.Advance(TimeSpan.FromSeconds(30));
        await Polling.UntilAsync(() => watcher.State == WatchState.Watching && newcomer.State == WatchState.Watching);
        // Logged after the state is set, on the thread of the poll.
        await all.WaitForAsync("was resumed", TestContext.Current.CancellationToken);

        Assert.Contains("Watching 4 keys is interrupted. ", Assert.Single(warnings.Lines), StringComparison.Ordinal);
        Assert.Equal("Watching 6 keys was resumed.", Assert.Single(all.Lines, line => line.Contains("was resumed", StringComparison.Ordinal)));
        Assert.Contains("503", Assert.Single(late.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_outage_is_told_again()
    {
        var clock = new WatchClock();
        var breaking = new TaskCompletionSource();
        await using var server = new PollingServer(("a", "1"))
        {
            Fault = request => breaking.Task.IsCompleted ? ScriptedReply.Status(503) : request.Hangs ? ScriptedReply.Reset with { Gate = breaking.Task } : null,
        };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        var lines = new RecordingLog(AcmLogLevel.Warning);
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync, log: lines);
        await log.NextAsync();

        for (int outage = 1; outage <= 2; outage++)
        {
            await Polling.UntilAsync(() => server.Polls.Count(poll => poll.Hangs) == outage);
            breaking.SetResult();
            TimeSpan pause = await clock.NextPauseAsync();
            breaking = new TaskCompletionSource();
            server.Publish("a", "after " + outage);
            clock.Advance(pause);
            await log.NextAsync();
        }

        Assert.Equal(2, lines.Lines.Count);
    }

    [Fact]
    public async Task That_values_can_not_be_read_while_a_server_is_down_is_one_warning_too_and_what_is_wrong_with_one_key_is_one_of_its_own()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"), ("b", "1"), ("c", "1"), ("d", "1"))
        {
            Fault = request => !request.IsGet ? null : request.Field("dataId") == "d" ? ScriptedReply.Text(403, "text/html", "403 error") : ScriptedReply.Status(500),
        };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { LongPollBatchSize = 1 }, clock);
        var lines = new RecordingLog(AcmLogLevel.Warning);

        using ConfigWatcher watcher = client.Watch([Key, new("b"), new("c"), new("d")], new ChangeLog().TakeAsync, log: lines);
        await Polling.UntilAsync(() => watcher.Status().All(key => key.LastError is not null));
        await Polling.UntilAsync(() => lines.Lines.Count >= 2);

        Assert.Single(lines.Lines, line => line.Contains("500", StringComparison.Ordinal));
        Assert.Single(lines.Lines, line => line.Contains("denied", StringComparison.Ordinal));
        Assert.Equal(2, lines.Lines.Count);
    }

    [Fact]
    public async Task Time_that_credentials_take_is_no_failure_of_the_server()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"));
        using var credentials = new SlowCredentials();
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { CredentialSource = credentials }, clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await Clients.InTime(DefectTests.Finished(credentials.Asked.Task));

        clock.Advance(TimeSpan.FromMinutes(5));
        credentials.Coming.SetResult(Clients.Credential);

        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        Assert.Null(watcher.Status()[0].LastError);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_holds_up_no_other_try()
    {
        var time = new ClockOfTheDay();
        using var clock = new RetryClock(time);
        var done = new TaskCompletionSource();
        clock.Add(clock.Now + TimeSpan.FromSeconds(1), done.SetResult);

        time.SetBackBy = TimeSpan.FromHours(1);
        time.Advance(TimeSpan.FromSeconds(1));

        await Clients.InTime(DefectTests.Finished(done.Task));
    }

    [Fact]
    public async Task A_snapshot_folder_that_is_slow_is_behind_by_one_value_of_a_key_only()
    {
        using var folder = new Local.TemporaryFolder();
        await using var server = new PollingServer(("a", "0"));
        var clock = new WatchClock();
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { NoSnapshot = false, SnapshotPath = folder.Path }, clock);
        using var written = new ManualResetEventSlim();
        var held = new TaskCompletionSource();
        var log = new ChangeLog();
        Task holding = Task.Factory.StartNew(
            () => new Client.Local.FolderLock(folder.Path).Hold(() =>
            {
                held.SetResult();
                written.Wait(CancellationToken.None);
            }),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Clients.InTime(DefectTests.Finished(held.Task));
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        int most = 0;
        for (int i = 1; i <= 20; i++)
        {
            await log.NextAsync();
            most = Math.Max(most, client.Watching.Snapshots.Waiting);

            // A key that changes several times per second is read at intervals.
            clock.Advance(TimeSpan.FromSeconds(2));
            server.Publish("a", i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        written.Set();
        await Clients.InTime(DefectTests.Finished(holding));
        await Polling.UntilAsync(() => client.Watching.Snapshots.IsIdle);
        Assert.InRange(most, 0, 1);
    }

    [Fact]
    public async Task A_server_that_reports_changes_that_are_none_is_asked_ever_more_slowly_and_nothing_is_told()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = request => request.IsPoll ? PollingServer.Changed("a") : null };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);

        foreach (int expected in new[] { 1, 2, 4, 8, 15, 15 }) Assert.Equal(expected, await clock.PassAsync());

        await clock.NextPauseAsync();
        Assert.Equal(1 + 2 + 6, server.Polls.Count);
        Assert.Equal(1 + 2 + (2 * 6), server.Gets);
        Assert.Single(log.All);
    }

    [Fact]
    public async Task A_key_that_is_falsely_reported_keeps_no_other_from_being_watched()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"), ("b", "1")) { Fault = request => request.Hangs && request.Probe.Any(item => item.DataId == "a") ? PollingServer.Changed("a") : null };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b")], log.TakeAsync);
        await clock.NextPauseAsync();

        server.Publish("b", "2");

        await log.NextAsync(change => change is { DataId: "b", Content: "2" });
    }

    [Fact]
    public async Task Defect_R6_a_get_that_fails_after_a_change_is_tried_again_with_pauses_and_no_snapshot_passes_for_the_news()
    {
        using var folder = new Local.TemporaryFolder();
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { NoSnapshot = false, SnapshotPath = folder.Path }, clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");

        server.Fault = request => request.IsGet ? ScriptedReply.Status(500) : null;
        server.Publish("a", "2");
        foreach (int expected in new[] { 1, 2, 4 }) Assert.Equal(expected, await clock.PassAsync());
        TimeSpan last = await clock.NextPauseAsync();
        WatchedKey status = watcher.Status()[0];
        int polls = server.Polls.Count;
        server.Fault = _ => null;
        clock.Advance(last);

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
        await Polling.UntilAsync(() => client.Watching.Snapshots.IsIdle);
        Assert.True(polls <= 3, $"{polls} polls");
        Assert.Equal(WatchState.BackingOff, status.State);
        Assert.Contains("500", status.LastError, StringComparison.Ordinal);
        Assert.Equal(2, log.All.Count);
    }

    [Fact]
    public async Task Defect_R3_a_key_that_is_denied_is_an_error_that_shows_is_tried_again_and_the_others_go_on()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"), ("b", "1"));
        server.Fault = request => request.IsGet && request.Field("dataId") == "a" ? ScriptedReply.Text(403, "text/html", "403 error") : null;
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b")], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "b", "1");
        TimeSpan pause = await clock.NextPauseAsync();

        server.Publish("b", "2");
        await log.ExpectAsync(ConfigChangeKind.Changed, "b", "2");
        WatchedKey denied = watcher.Status()[0];
        server.Fault = _ => null;
        clock.Advance(pause);

        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        Assert.Equal(WatchState.BackingOff, denied.State);
        Assert.Contains("denied", denied.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Defect_R3_a_poll_that_is_denied_is_an_error_that_shows_and_is_tried_again()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = request => request.IsPoll ? ScriptedReply.Text(403, "text/html", "403 error") : null };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        Assert.Equal(1, await clock.PassAsync());
        TimeSpan pause = await clock.NextPauseAsync();
        WatchedKey denied = watcher.Status()[0];

        server.Fault = _ => null;
        clock.Advance(pause);

        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        Assert.Equal(TimeSpan.FromSeconds(2), pause);
        Assert.Equal(WatchState.BackingOff, denied.State);
        Assert.Contains("denied", denied.LastError, StringComparison.Ordinal);
        Assert.True(watcher.Ready.IsCompleted);
    }

    [Fact]
    public async Task A_server_that_is_down_is_asked_after_pauses_that_grow_to_half_a_minute_and_told_of_within_one_of_them()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");

        server.Fault = _ => ScriptedReply.Reset;
        server.Wake();
        int before = server.Polls.Count;
        var pauses = new List<double>();
        for (int i = 0; i < 7; i++) pauses.Add(await clock.PassAsync());
        TimeSpan last = await clock.NextPauseAsync();
        int during = server.Polls.Count - before;
        server.Fault = _ => null;
        server.Publish("a", "2");
        clock.Advance(last);

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
        Assert.Equal([15, 15], pauses.TakeLast(2));
        Assert.All(pauses, pause => Assert.InRange(pause, 1, 30));
        Assert.InRange(during, 5, 9);
    }

    [Fact]
    public async Task A_server_that_breaks_its_polls_hands_over_to_the_next_without_a_pause()
    {
        var clock = new WatchClock();
        var breaking = new TaskCompletionSource();
        await using var first = new PollingServer(("a", "1")) { Fault = request => request.Hangs ? ScriptedReply.Reset with { Gate = breaking.Task } : null };
        await using var second = new PollingServer(("a", "2"));
        using AcmClient client = Clients.With(WatchClock.Options(first.Http, second.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");

        breaking.SetResult();

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
        Assert.Equal(Client.Text.Md5Hex.Of("1"u8), second.Polls[0].Probe.Single().Md5);
    }

    [Fact]
    public async Task A_login_page_is_no_answer_and_the_poll_is_told_again_with_pauses()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = request => request.IsPoll ? ScriptedReply.Text(200, "text/html", "<html>Log in</html>") : null };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        using ConfigWatcher watcher = client.Watch([Key], new ChangeLog().TakeAsync);

        Assert.Equal(1, await clock.PassAsync());
        Assert.Equal(2, await clock.PassAsync());
        await clock.NextPauseAsync();

        Assert.Equal(3, server.Polls.Count);
        Assert.Contains("web page", watcher.Status()[0].LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_are_not_watched_and_malformed_entries_in_an_answer_change_nothing()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"));
        server.Fault = request => request.Hangs ? ScriptedReply.Text(200, "text/html;charset=GBK", "zzz%02DEFAULT_GROUP%02ns-0001%01a%01a%02b%02c%02d%01\n") : null;
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);

        Assert.Equal(1, await clock.PassAsync());
        Assert.Equal(2, await clock.NextPauseAsync() is var pause ? pause.TotalSeconds : 0);

        Assert.Equal(1, server.Gets);
        Assert.Single(log.All);
    }

    [Fact]
    public async Task A_poll_that_never_ends_is_given_up_ten_seconds_after_its_time()
    {
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1")) { Fault = request => request.Hangs ? ScriptedReply.Hang : null };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), clock);
        using ConfigWatcher watcher = client.Watch([Key], new ChangeLog().TakeAsync);
        while (!(await server.Http.NextRequestAsync()).Hangs) continue;

        clock.Advance(TimeSpan.FromSeconds(39));
        Assert.Equal(WatchState.Watching, watcher.State);
        clock.Advance(TimeSpan.FromSeconds(1));

        await clock.NextPauseAsync();
        Assert.Contains("did not answer", watcher.Status()[0].LastError, StringComparison.Ordinal);
    }

    private sealed class ClockOfTheDay : FakeTimeProvider
    {
        public TimeSpan SetBackBy { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - SetBackBy;

        public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
    }

    private sealed class SlowCredentials : AcmCredentialSource
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<AcmCredential> Coming { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override string Name => "Slow";

        public override AcmCredential? Current => null;

        public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default)
        {
            Asked.TrySetResult();
            return new ValueTask<AcmCredential>(Coming.Task.WaitAsync(cancellationToken));
        }
    }
}
