using Acm.Client;
using Acm.Tests.Local;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>The end of watching.</summary>
public sealed class EndTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposing_of_the_last_watcher_leaves_no_poll_no_timer_and_no_thread()
    {
        using var folder = new TemporaryFolder();
        var clock = new WatchClock();
        await using var server = new PollingServer(("a", "1"), ("b", "1"));
        server.Fault = request => request.Hangs ? ScriptedReply.Hang : request.IsGet && request.Field("dataId") == "b" ? ScriptedReply.Status(403) : null;
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { FailoverPath = folder.Path, LongPollBatchSize = 1 }, clock);
        var log = new ChangeLog();
        ConfigWatcher first = client.Watch([new ConfigKey("a"), new ConfigKey("b"), new ConfigKey("c")], log.TakeAsync);
        ConfigWatcher second = client.Watch([new ConfigKey("a")], log.TakeAsync);
        await log.NextAsync();
        await log.NextAsync();
        await Polling.UntilAsync(() => server.Polls.Count(poll => poll.Hangs) >= 2 && first.Status()[1].State == WatchState.BackingOff);

        first.Dispose();
        await second.DisposeAsync();
        await server.Http.ClientLeftAsync();
        await server.Http.ClientLeftAsync();
        await Polling.UntilAsync(() => clock.Timers == 0 && client.Watching.Callbacks.Running == 0);

        Assert.True(first.Completion.IsCompleted && second.Completion.IsCompleted);
        Assert.Equal((WatchState.Stopped, WatchState.Stopped), (first.State, first.Status()[0].State));
    }

    [Fact]
    public async Task Disposing_of_the_client_ends_its_watchers_and_those_of_its_views_and_takes_no_new_ones()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var client = new AcmClient(WatchClock.Options(server.Uri));
        ConfigWatcher first = client.Watch([new ConfigKey("a")], new ChangeLog().TakeAsync);
        ConfigWatcher second = client.ForNamespace("other").Watch([new ConfigKey("a")], new ChangeLog().TakeAsync);
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 2);

        client.Dispose();

        await Clients.InTime(DefectTests.Finished(Task.WhenAll(first.Completion, second.Completion)));
        await RunningServer.WaitForHangingPollsAsync(server.Uri, 0);
        Assert.Equal(WatchState.Stopped, first.State);
        Assert.Equal(AcmErrorKind.NotConnected, Assert.Throws<AcmException>(() => client.Watch([new ConfigKey("a")], new ChangeLog().TakeAsync)).Kind);
    }

    [Fact]
    public async Task A_callback_that_hangs_does_not_keep_the_end_waiting_for_more_than_a_second()
    {
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(Clients.Options(server.Http));
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        ConfigWatcher watcher = client.Watch([new ConfigKey("a")], async (_, _) =>
        {
            entered.SetResult();
            await leave.Task;
        });
        await entered.Task.WaitAsync(Clients.Deadline, Cancelled);

        await watcher.DisposeAsync().AsTask().WaitAsync(Clients.Deadline, Cancelled);
        bool before = watcher.Completion.IsCompleted;
        leave.SetResult();

        await Clients.InTime(DefectTests.Finished(watcher.Completion));
        Assert.False(before);
    }

    [Fact]
    public async Task Two_ends_at_once_and_an_end_before_the_beginning_are_no_trouble()
    {
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(Clients.Options(server.Http));
        for (int i = 0; i < 50; i++)
        {
            ConfigWatcher watcher = client.Watch([new ConfigKey("a"), new ConfigKey("b" + i)], new ChangeLog().TakeAsync);
            await Task.WhenAll(Task.Run(watcher.Dispose, Cancelled), Task.Run(watcher.Dispose, Cancelled)).WaitAsync(Clients.Deadline, Cancelled);
            Assert.True(watcher.Ready.IsCompleted);
        }

        var log = new ChangeLog();
        using ConfigWatcher last = client.Watch([new ConfigKey("a")], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
    }
}
