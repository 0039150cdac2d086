using Acm.Client;
using Acm.Client.Local;
using Acm.Tests.Local;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>Unexpected failures of background tasks do not lose keys.</summary>
public sealed class LoopTests
{
    private static readonly ConfigKey Key = new("a");

    [Fact]
    public async Task A_fault_of_the_poll_loop_shows_and_the_loop_begins_anew()
    {
        await using var server = new PollingServer(("a", "1"));
        int polls = 0;
        server.Fault = request => request.IsPoll && Interlocked.Increment(ref polls) == 1 ? ScriptedReply.Status(500) : null;
        var clock = new WatchClock();
        var log = new RecordingLog(AcmLogLevel.Verbose);
        int asked = 0;
        // The jitter of the back-off is requested in the loop's own exception handler.
        using var client = new AcmClient(WatchClock.Options(server.Http) with { Log = log }, clock, () => Interlocked.Increment(ref asked) == 1 ? throw new InvalidOperationException("a fault") : 0);
        var changes = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], changes.TakeAsync);

        await clock.NextPauseAsync();
        WatchState state = watcher.State;
        string? error = watcher.Status()[0].LastError;
        clock.Advance(TimeSpan.FromSeconds(30));

        await changes.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        Assert.Equal(WatchState.BackingOff, state);
        Assert.Contains("InvalidOperationException: a fault", error);
        Assert.Equal(WatchState.Watching, watcher.State);
    }

    [Fact]
    public async Task A_fault_of_a_reading_shows_and_the_keys_are_read_again()
    {
        await using var server = new PollingServer(("a", "1"));
        int gets = 0;
        server.Fault = request => request.IsGet && Interlocked.Increment(ref gets) == 1 ? ScriptedReply.Text(403, "text/html", "403 error\n") : null;
        var clock = new WatchClock();
        var log = new RecordingLog(AcmLogLevel.Verbose);
        int thrown = 0;

        // The jitter of the back-off is requested when the failed get is recorded.
        using var client = new AcmClient(
            WatchClock.Options(server.Http) with { Log = log }, clock, () => Volatile.Read(ref gets) == 1 && Interlocked.Increment(ref thrown) == 1 ? throw new InvalidOperationException("a fault") : 0);
        var changes = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], changes.TakeAsync);

        TimeSpan pause = await clock.NextPauseAsync();
        WatchState state = watcher.State;
        string? error = watcher.Status()[0].LastError;
        clock.Advance(pause);

        await changes.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        Assert.Equal(WatchState.BackingOff, state);
        Assert.Contains("InvalidOperationException: a fault", error);
        Assert.Contains(log.Lines, line => line.Contains("Reading failed unexpectedly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fault_of_the_look_at_failover_files_shows_and_they_are_looked_at_again()
    {
        using var folder = new TemporaryFolder();
        await using var server = new PollingServer(("a", "1"));
        var log = new RecordingLog(AcmLogLevel.Verbose);
        int rests = 0;
        var clock = new WatchClock { Fails = time => time == TimeSpan.FromSeconds(1) && Interlocked.Increment(ref rests) == 1 };
        using AcmClient client = Clients.With(WatchClock.Options(server.Http) with { Log = log, FailoverPath = folder.Path }, clock);
        var changes = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], changes.TakeAsync);
        await changes.NextAsync();

        string file = LocalPath.Of(folder.Path, "ns-0001", Key);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "file", TestContext.Current.CancellationToken);
        double pause = await clock.PassAsync();

        await changes.ExpectAsync(ConfigChangeKind.Changed, "a", "file");
        Assert.Equal(2, pause);
        Assert.Contains(log.Lines, line => line.Contains("failover folder failed unexpectedly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_snapshot_stands_in_where_the_source_of_the_credentials_can_not_be_reached_as_it_does_for_a_get()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = "kept"u8.ToArray();
        new SnapshotStore(folder.Path, TimeProvider.System).Save("ns-0001", Key, bytes, Client.Text.Md5Hex.Of(bytes), "gbk", null, null);
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(
            WatchClock.Options(server.Http) with { NoSnapshot = false, SnapshotPath = folder.Path, CredentialSource = new SourceThatGoesDown(() => server.Polls.Count == 0) }, new WatchClock());
        var changes = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], changes.TakeAsync);

        ConfigChange change = await changes.NextAsync();

        Assert.Equal(("kept", ConfigSource.Snapshot), (change.Content, change.Source));
    }

    [Fact]
    public async Task A_callback_that_blocks_after_it_awaited_takes_no_thread_of_the_pool()
    {
        await using var server = new PollingServer(("a", "1"));
        using AcmClient client = Clients.With(WatchClock.Options(server.Http), new WatchClock());
        var isOfPool = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using ConfigWatcher watcher = client.Watch([Key], async (_, token) =>
        {
            await Task.Yield();
            await Task.Run(() => { }, token);
            isOfPool.TrySetResult(Thread.CurrentThread.IsThreadPoolThread);
        });

        Assert.False(await Clients.InTime(isOfPool.Task));
    }

    private sealed class SourceThatGoesDown(Func<bool> isUp) : AcmCredentialSource
    {
        public override string Name => "Test";

        public override AcmCredential? Current => null;

        public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default) => isUp()
            ? new ValueTask<AcmCredential>(Clients.Credential)
            : throw new AcmException(AcmErrorKind.AuthenticationFailed, "No credentials.", new AcmException(AcmErrorKind.ServerUnavailable, "The metadata service is down.")) { IsFinal = true };
    }
}
