using Acm.Client;
using Acm.Client.Local;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Tests.StandIns.Nacos;
using Acm.Tests.Support;
using Acm.Tests.Watching;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Clusters;

/// <summary>
/// The handling of nodes that are restarting, isolated or behind. Each row is a rule that follows from recordings of real clusters:
/// <list type="table">
/// <item><term>1 No snapshot goes, and no removal is told, because of one 404</term><description>
/// <see cref="A_read_that_is_denied_says_so_with_one_request"/>, <see cref="A_snapshot_stays_while_its_absence_is_not_proved"/>, <see cref="A_snapshot_is_set_aside_once_its_absence_is_proved"/>,
/// <see cref="Watchers_hear_of_a_removal_once_it_is_proved"/></description></item>
/// <item><term>2 A listen without an MD5 names what a node denies</term><description><see cref="Watchers_hear_of_no_removal_from_a_node_that_denies_what_it_has"/></description></item>
/// <item><term>3 A silent listen is no proof</term><description><see cref="A_silent_listen_sets_no_snapshot_aside"/></description></item>
/// <item><term>4 No list is proof</term><description><see cref="What_a_list_lacks_or_a_read_denies_exists_where_a_listen_names_it"/>, <see cref="Whether_something_exists_is_unknown_where_nobody_answers"/></description></item>
/// <item><term>6 Retried for minutes, elsewhere first</term><description><see cref="Watching_goes_on_after_minutes_without_a_server"/></description></item>
/// <item><term>9 A poll without an answer is polled elsewhere</term><description><see cref="A_poll_that_ends_without_an_answer_is_asked_elsewhere"/>, <see cref="A_poll_is_given_up_where_its_server_refuses_connections"/></description></item>
/// <item><term>10 A right password is refused just after a start</term><description>The tests of the login.</description></item>
/// <item><term>11 A token outlives a restart</term><description><see cref="A_token_is_kept_over_a_restart"/></description></item>
/// <item><term>12 A write that failed with 500 is unknown</term><description><see cref="A_write_that_was_carried_out_and_failed_is_not_sent_twice"/></description></item>
/// <item><term>13 Writes wait for a leader</term><description><see cref="A_write_waits_for_a_leader_on_the_next_server"/>, <see cref="A_write_without_a_leader_ends_after_half_a_minute"/></description></item>
/// <item><term>14 A conflict is known by comparison</term><description><see cref="Content_that_was_refused_and_is_served_is_told_and_repaired_when_asked"/>, with a follower</description></item>
/// <item><term>15 Refused content is served</term><description>The same test, and <see cref="A_server_that_is_alone_serves_no_refused_content"/></description></item>
/// <item><term>16 A read is behind a write</term><description><see cref="A_session_reads_what_it_wrote"/></description></item>
/// <item><term>17 Reads stay on a node, and older content is confirmed first</term><description>
/// <see cref="Reads_stay_on_the_node_that_took_the_write"/>, <see cref="Older_content_of_another_node_is_not_told"/>, <see cref="A_value_that_is_published_again_is_told"/></description></item>
/// <item><term>18 409 is asked again</term><description><see cref="A_read_that_meets_a_change_is_asked_again"/></description></item>
/// <item><term>19 Reads need no leader</term><description><see cref="Reads_and_polls_need_no_leader"/></description></item>
/// <item><term>20 Changes while away are told by MD5</term><description><see cref="What_changed_while_no_server_answered_is_told_and_nothing_else_is_read"/></description></item>
/// </list>
/// 5, 7 and 8 are about gRPC.
/// </summary>
public sealed class ClusterRulesTests : IDisposable
{
    private static readonly ConfigKey Key = new("a");

    private readonly TemporaryFiles _files = new();
    private readonly ClusterState _truth = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_read_that_is_denied_says_so_with_one_request()
    {
        await using var node = new FaultyNode(_truth);
        using AcmClient client = Clients.With(FaultyNode.Options(node));
        await Clients.FailsAsync(client.GetAsync(Key));
        int before = node.Http.Requests.Count;

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal((AcmErrorKind.ConfigNotFound, 1), (error.Kind, node.Http.Requests.Count - before));
    }

    [Fact]
    public async Task A_snapshot_stays_while_its_absence_is_not_proved()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        using AcmClient client = WithSnapshots(new FastClock(50), node);
        await client.GetAsync(Key);
        node.Faults.Denies = _ => true;

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));
        await Polling.UntilAsync(() => node.Count(FaultyNode.IsPoll) > 0);
        node.Faults.Always = ScriptedReply.Reset;
        AcmConfig kept = await client.GetAsync(Key);

        Assert.Equal((AcmErrorKind.ConfigNotFound, ConfigSource.Snapshot, "1"), (error.Kind, kept.Source, kept.Content));
    }

    [Theory]
    [InlineData("alone")]
    [InlineData("one node of a cluster")]
    [InlineData("two nodes")]
    public async Task A_snapshot_is_set_aside_once_its_absence_is_proved(string servers)
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth) { IsAlone = servers == "alone" };
        await using var other = new FaultyNode(_truth);
        using AcmClient client = WithSnapshots(new FastClock(50), servers == "two nodes" ? [node, other] : [node]);
        await client.GetAsync(Key);
        _truth.Write("a", null);

        await Clients.FailsAsync(client.GetAsync(Key));

        await Polling.UntilAsync(() => Snapshot() == SnapshotState.Absent);
    }

    [Fact]
    public async Task A_silent_listen_sets_no_snapshot_aside()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        using (AcmClient client = WithSnapshots(TimeProvider.System, node)) await client.GetAsync(Key);

        // A node that was isolated before the configuration was created: it neither lists nor serves it, and its database does not respond.
        node.Faults.CutOff = new Dictionary<string, StoredVersion>();
        using AcmClient later = WithSnapshots(new FastClock(50), node);
        var log = new ChangeLog();
        using ConfigWatcher watcher = later.Watch([Key], log.TakeAsync);
        await Polling.UntilAsync(() => node.Count(FaultyNode.IsDetail) > 1);

        Assert.Equal(SnapshotState.Found, Snapshot());
    }

    [Theory]
    [InlineData("alone", 0)]
    [InlineData("two nodes", 0)]
    [InlineData("one node of a cluster", 2)]
    public async Task Watchers_hear_of_a_removal_once_it_is_proved(string servers, int seconds)
    {
        var clock = new WatchClock();
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth) { IsAlone = servers == "alone" };
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Watching(clock, servers == "two nodes" ? [node, other] : [node]);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");

        _truth.Write("a", null);
        Task<ConfigChange> told = log.NextAsync();
        TimeSpan passed = TimeSpan.Zero;
        while (await Task.WhenAny(told, clock.NextPauseAsync()) is Task<TimeSpan> pause)
        {
            passed += await pause;
            clock.Advance(await pause);
        }

        Assert.Equal((ConfigChangeKind.Removed, "a"), ((await told).Kind, (await told).DataId));
        Assert.True(passed >= TimeSpan.FromSeconds(seconds), $"It was told after {passed}.");
    }

    [Fact]
    public async Task Watchers_hear_of_no_removal_from_a_node_that_denies_what_it_has()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Watching(new FastClock(50), node, other);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");

        node.Faults.Denies = _ => true;
        _truth.Write("a", "2");

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
    }

    [Fact]
    public async Task What_a_list_lacks_or_a_read_denies_exists_where_a_listen_names_it()
    {
        foreach (string name in (string[])["a", "b"]) _truth.Write(name, "1");
        await using var node = new FaultyNode(_truth) { Faults = { Denies = name => name == "b", Unlisted = _ => true } };
        using AcmClient client = Clients.With(FaultyNode.Options(node), new FastClock(50));

        IReadOnlyList<ConfigKey> existing = await client.FindExistingAsync([Key, new ConfigKey("b"), new ConfigKey("c")], call: null, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b"], existing.Select(key => key.DataId).Order());
    }

    [Fact]
    public async Task Whether_something_exists_is_unknown_where_nobody_answers()
    {
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Clients.With(FaultyNode.Options(node, other), new FastClock(50));
        await Clients.FailsAsync(client.GetAsync(Key));
        node.Faults.CutOff = other.Faults.CutOff = new Dictionary<string, StoredVersion>();

        AcmException error = await Clients.FailsAsync(client.FindExistingAsync([Key], call: null, TestContext.Current.CancellationToken));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
    }

    [Fact]
    public async Task A_server_that_refuses_when_it_is_asked_aside_does_not_come_into_use()
    {
        _truth.Write("b", "1");
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth) { Faults = { Script = request => request.Target.StartsWith("/nacos/v1/cs/", StringComparison.Ordinal) ? ScriptedReply.Status(403) : null } };
        using AcmClient client = Clients.With(FaultyNode.Options(node, other), new FastClock(50));
        await client.GetAsync(new ConfigKey("b"));

        Assert.Empty(await client.FindExistingAsync([Key], call: null, TestContext.Current.CancellationToken));

        Assert.NotEmpty(other.Http.Requests);
        Assert.Equal("1", (await client.GetAsync(new ConfigKey("b"))).Content);
    }

    [Fact]
    public async Task Whether_many_exist_is_asked_for_in_parts_that_fit_into_a_try()
    {
        ConfigKey[] keys = [.. Enumerable.Range(0, 150).Select(i => new ConfigKey($"k{i}"))];
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Clients.With(FaultyNode.Options(node, other));

        Assert.Empty(await client.FindExistingAsync(keys, call: null, TestContext.Current.CancellationToken));

        int[] asked = [.. other.Http.Requests.Where(FaultyNode.IsPoll).Select(poll => poll.Body.Split("%01").Length - 1)];
        Assert.Equal((64, 150), (asked.Max(), asked.Sum()));
    }

    [Fact]
    public async Task Asking_servers_that_hang_whether_something_exists_ends_with_the_time_of_the_call()
    {
        var clock = new FastClock(50);
        var time = TimeSpan.FromSeconds(60);
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        node.Faults.Script = other.Faults.Script = request => FaultyNode.IsPoll(request) ? ScriptedReply.Hang : null;
        using AcmClient client = Clients.With(FaultyNode.Options(node, other) with { TryTimeout = time, TotalTimeout = time }, clock);
        long started = clock.GetTimestamp();

        AcmException error = await Clients.FailsAsync(client.FindExistingAsync([Key], call: null, TestContext.Current.CancellationToken));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.InRange(clock.GetElapsedTime(started), time, time + time);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_server_of_several_is_believed_after_seconds_only_where_it_shows_what_is_stored(bool isHidden)
    {
        await using var node = new FaultyNode(_truth) { Faults = { Script = request => isHidden && FaultyNode.IsDetail(request) ? ScriptedReply.Status(403) : null } };
        await using var other = new FaultyNode(_truth) { Faults = { Always = ScriptedReply.Reset } };
        using AcmClient client = Clients.With(FaultyNode.Options(node, other), new FastClock(50));

        Task<IReadOnlyList<ConfigKey>> asking = client.FindExistingAsync([Key], call: null, TestContext.Current.CancellationToken);

        if (isHidden) Assert.Equal(AcmErrorKind.ServerUnavailable, (await Clients.FailsAsync(asking)).Kind);
        else Assert.Empty(await asking);
    }

    [Fact]
    public void What_was_denied_a_moment_ago_is_remembered_however_much_it_is()
    {
        var clock = new FakeTimeProvider();
        var denied = new ClaimMemory<int>(clock, TimeSpan.FromSeconds(2));
        int[] keys = [.. Enumerable.Range(0, 10_500)];

        Assert.All(keys, key => Assert.False(denied.IsSaidAgain(key)));
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.All(keys, key => Assert.True(denied.IsSaidAgain(key)));
    }

    [Fact]
    public async Task Snapshots_of_many_that_are_denied_are_checked_together()
    {
        ConfigKey[] keys = [.. Enumerable.Range(0, 100).Select(i => new ConfigKey($"k{i}"))];
        foreach (ConfigKey key in keys) _truth.Write(key.DataId, "1");
        await using var node = new FaultyNode(_truth);
        using AcmClient client = WithSnapshots(new FastClock(10), node);
        await client.GetManyAsync(keys, cancellationToken: TestContext.Current.CancellationToken);
        foreach (ConfigKey key in keys) _truth.Write(key.DataId, null);

        await client.GetManyAsync(keys, cancellationToken: TestContext.Current.CancellationToken);

        var store = new SnapshotStore(_files.Path, TimeProvider.System);
        await Polling.UntilAsync(() => keys.All(key => store.Read("", key).State == SnapshotState.Absent));
        Assert.InRange(node.Count(FaultyNode.IsPoll), 2, 12);
    }

    [Fact]
    public async Task Watching_goes_on_after_minutes_without_a_server()
    {
        var clock = new WatchClock();
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Watching(clock, node, other);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        node.Faults.Always = other.Faults.Always = ScriptedReply.Reset;
        _truth.Wake();

        double away = 0;
        while (away < 212) away += await clock.PassAsync();
        TimeSpan last = await clock.NextPauseAsync();
        other.Faults.Always = null;
        _truth.Write("a", "2");
        clock.Advance(last);

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
    }

    [Fact]
    public async Task A_poll_that_ends_without_an_answer_is_asked_elsewhere()
    {
        var clock = new WatchClock();
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Watching(clock, node, other);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await Polling.UntilAsync(() => node.Count(FaultyNode.Hangs) == 1);

        node.Faults.Always = ScriptedReply.Reset;
        _truth.Wake();
        await Polling.UntilAsync(() => other.Count(FaultyNode.Hangs) == 1);
        _truth.Write("a", "2");

        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
    }

    [Fact]
    public async Task A_poll_is_given_up_where_its_server_refuses_connections()
    {
        var clock = new WatchClock();
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        node.Faults.Script = request => FaultyNode.Hangs(request) ? ScriptedReply.Hang : null;
        using AcmClient client = Watching(clock, node, other);
        using ConfigWatcher watcher = client.Watch([Key], new ChangeLog().TakeAsync);
        await Polling.UntilAsync(() => node.Count(FaultyNode.Hangs) == 1);

        // The node is stopping: the poll gets no response, and new connections are refused.
        node.Http.StopListening();
        node.Faults.Always = ScriptedReply.Bytes("", ReplyEnd.Close);
        AcmConfig read = await client.GetAsync(Key);

        await Polling.UntilAsync(() => other.Count(FaultyNode.Hangs) == 1);
        Assert.Equal("1", read.Content);
    }

    [Fact]
    public async Task A_token_is_kept_over_a_restart()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Clients.With(FaultyNode.Options(node, other) with { Credential = new AcmCredential("ops", "pw-canary") });
        await client.GetAsync(Key);
        node.Faults.Always = other.Faults.Always = ScriptedReply.Reset;
        await Clients.FailsAsync(client.GetAsync(Key));
        node.Faults = new NodeFaults { Script = request => FaultyNode.IsLogin(request) ? ScriptedReply.Text(500, "text/plain", "caused: User nacos not found;") : null };
        other.Faults = node.Faults;

        Assert.Equal("1", (await client.GetAsync(Key)).Content);
        Assert.Equal(1, node.Count(FaultyNode.IsLogin) + other.Count(FaultyNode.IsLogin));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_that_was_carried_out_and_failed_is_not_sent_twice(bool isRemoval)
    {
        if (isRemoval) _truth.Write("a", "0");
        await using var node = new FaultyNode(_truth) { Faults = { FailsAfterWriting = 1 } };
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Clients.With(FaultyNode.Options(node, other), new PauselessClock());

        if (isRemoval) await client.RemoveAsync(Key);
        else Assert.True((await client.PublishAsync(Key, "1")).ConfirmedByReading);

        Assert.Equal(isRemoval ? ["0", null] : ["1"], _truth.History("a").Select(version => version.Content));
    }

    [Fact]
    public async Task A_write_waits_for_a_leader_on_the_next_server()
    {
        int publishes = 0;
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        foreach (FaultyNode each in (FaultyNode[])[node, other])
        {
            each.Faults.NoLeader = true;
            each.Faults.Script = request =>
            {
                if (FaultyNode.IsPublish(request) && Interlocked.Increment(ref publishes) == 21) node.Faults.NoLeader = other.Faults.NoLeader = false;
                return null;
            };
        }

        using AcmClient client = Clients.With(FaultyNode.Options(node, other) with { TryTimeout = AcmClientOptions.DefaultTryTimeout }, new PauselessClock { LongestPause = TimeSpan.FromSeconds(3) });
        await client.PublishAsync(Key, "1");

        Assert.Equal(["1"], _truth.History("a").Select(version => version.Content));
        Assert.Equal((11, 10), (node.Count(FaultyNode.IsPublish), other.Count(FaultyNode.IsPublish)));
    }

    [Fact]
    public async Task A_write_without_a_leader_ends_after_half_a_minute()
    {
        var clock = new PauselessClock { LongestPause = TimeSpan.FromSeconds(3) };
        await using var node = new FaultyNode(_truth) { Faults = { NoLeader = true } };
        await using var other = new FaultyNode(_truth) { Faults = { NoLeader = true } };
        using AcmClient client = Clients.With(FaultyNode.Options(node, other) with { TryTimeout = AcmClientOptions.DefaultTryTimeout }, clock);
        long started = clock.GetTimestamp();

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "1"));

        Assert.Equal((AcmErrorKind.ServerUnavailable, true), (error.Kind, error.OutcomeUnknown));
        Assert.Contains("no leader", error.Message, StringComparison.Ordinal);
        Assert.InRange(clock.GetElapsedTime(started).TotalSeconds, 27, 31);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Content_that_was_refused_and_is_served_is_told_and_repaired_when_asked(bool isFollower, bool repairs)
    {
        _truth.ServesRefused = true;
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth) { IsFollower = isFollower };
        SomeoneElsePublishesFirst(node);
        using AcmClient client = Clients.With(FaultyNode.Options(node), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "mine", new PublishOptions { IfMatch = _truth.Stored("a")!.Md5, RepairOnConflict = repairs }));

        Assert.Equal(AcmErrorKind.Conflict, error.Kind);
        Assert.Equal("other", _truth.Stored("a")!.Content);
        Assert.Equal(repairs, _truth.Refused.IsEmpty);
        Assert.Contains(repairs ? "which was published again" : "still serve the refused content to readers", error.Message, StringComparison.Ordinal);
        Assert.Equal(repairs ? null : nameof(PublishOptions.RepairOnConflict), error.Option);
    }

    [Fact]
    public async Task A_server_that_is_alone_serves_no_refused_content()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth) { IsAlone = true };
        SomeoneElsePublishesFirst(node);
        using AcmClient client = Clients.With(FaultyNode.Options(node));

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "mine", new PublishOptions { IfMatch = _truth.Stored("a")!.Md5 }));

        Assert.Equal((AcmErrorKind.Conflict, null), (error.Kind, error.Option));
        Assert.Equal(0, node.Count(FaultyNode.IsGet));
    }

    [Theory]
    [InlineData("1.4.8")]
    [InlineData("2.0.3")]
    [InlineData("2.2.3")]
    public async Task A_version_that_ignores_the_condition_is_told_of(string version)
    {
        var log = new RecordingLog(AcmLogLevel.Warning);
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth, version);
        using AcmClient client = Clients.With(FaultyNode.Options(node) with { Log = log });

        await Clients.FailsAsync(client.PublishAsync(Key, "2", new PublishOptions { IfMatch = new string('0', 32) }));
        await client.PublishAsync(Key, "3", new PublishOptions { IfMatch = _truth.Stored("a")!.Md5 });

        Assert.Equal(["1", "3"], _truth.History("a").Select(stored => stored.Content));
        Assert.Single(log.Lines, line => line.Contains("does not support compare-and-swap", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_session_reads_what_it_wrote()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        node.Faults.Behind["a"] = _truth.Stored("a")!;
        using AcmClient client = Clients.With(FaultyNode.Options(node));

        await client.PublishAsync(Key, "2");

        Assert.Equal("2", (await client.GetAsync(Key)).Content);
    }

    [Fact]
    public async Task Reads_stay_on_the_node_that_took_the_write()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth) { Faults = { Always = ScriptedReply.Reset } };
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Clients.With(FaultyNode.Options(node, other), new PauselessClock());
        await client.PublishAsync(Key, "2");
        node.Faults.Always = null;
        int before = node.Http.Requests.Count;

        for (int i = 0; i < 5; i++) Assert.Equal("2", (await client.GetAsync(Key)).Content);

        Assert.Equal(before, node.Http.Requests.Count);
    }

    [Fact]
    public async Task Older_content_of_another_node_is_not_told()
    {
        var clock = new WatchClock();
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth) { Faults = { CutOff = _truth.Freeze() } };
        using AcmClient client = Watching(clock, node, other);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        _truth.Write("a", "2");
        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");

        // For some time, only the isolated node responds.
        node.Faults.Always = ScriptedReply.Reset;
        _truth.Wake();
        for (int i = 0; i < 4; i++) await clock.PassAsync();
        TimeSpan last = await clock.NextPauseAsync();
        node.Faults.Always = null;
        _truth.Write("a", "3");
        clock.Advance(last);
        await await Task.WhenAny(log.ExpectAsync(ConfigChangeKind.Changed, "a", "3"), PassAllAsync(clock));

        Assert.Equal(["1", "2", "3"], log.All.Select(change => change.Content));
    }

    [Fact]
    public async Task A_value_that_is_published_again_is_told()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        using AcmClient client = Watching(new WatchClock(), node, other);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");
        _truth.Write("a", "2");
        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
        node.Faults.Always = ScriptedReply.Reset;

        _truth.Write("a", "1");

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "1");
    }

    [Fact]
    public async Task A_read_that_meets_a_change_is_asked_again()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth) { Faults = { Busy = 2 } };
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(FaultyNode.Options(node), clock);

        AcmConfig read = await client.GetAsync(Key);

        Assert.Equal(("1", 3), (read.Content, node.Count(FaultyNode.IsGet)));
        Assert.All(clock.Pauses, pause => Assert.InRange(pause.TotalMilliseconds, 10, 200));
    }

    [Fact]
    public async Task Reads_and_polls_need_no_leader()
    {
        _truth.Write("a", "1");
        await using var node = new FaultyNode(_truth) { Faults = { NoLeader = true } };
        using AcmClient client = Watching(new WatchClock(), node);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "a", "1");

        _truth.Write("a", "2");

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
        Assert.Equal("2", (await client.GetAsync(Key)).Content);
    }

    [Fact]
    public async Task What_changed_while_no_server_answered_is_told_and_nothing_else_is_read()
    {
        var clock = new WatchClock();
        foreach (string name in (string[])["a", "b"]) _truth.Write(name, "1");
        await using var node = new FaultyNode(_truth);
        using AcmClient client = Watching(clock, node);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b")], log.TakeAsync);
        await log.NextAsync();
        await log.NextAsync();
        int before = node.Count(FaultyNode.IsGet);
        node.Faults.Always = ScriptedReply.Reset;
        _truth.Wake();
        TimeSpan pause = await clock.NextPauseAsync();

        _truth.Write("a", "2");
        node.Faults.Always = null;
        clock.Advance(pause);

        await log.ExpectAsync(ConfigChangeKind.Changed, "a", "2");
        Assert.Equal(1, node.Count(FaultyNode.IsGet) - before);
    }

    /// <summary>A single 404, a list or a failed request never proves an absence.</summary>
    [Fact]
    public void Nothing_goes_away_without_proof()
    {
        AbsenceEvidence[] proofs = [AbsenceEvidence.OneServerTwice, AbsenceEvidence.TwoServers, AbsenceEvidence.LoneServer, AbsenceEvidence.OnlyView];

        foreach (AbsenceEvidence evidence in Enum.GetValues<AbsenceEvidence>())
        {
            Assert.Equal(proofs.Contains(evidence), evidence.Allows(AbsenceUse.TellRemoval));
            Assert.Equal(proofs.Contains(evidence), evidence.Allows(AbsenceUse.RemoveElsewhere));
            Assert.Equal(proofs.Contains(evidence) || evidence == AbsenceEvidence.OwnRemoval, evidence.Allows(AbsenceUse.SetSnapshotAside));
        }
    }

    private static AcmClient Watching(TimeProvider clock, params FaultyNode[] nodes) =>
        Clients.With(FaultyNode.Options(nodes) with { TryTimeout = TimeSpan.FromMinutes(5), LongPollTimeout = TimeSpan.FromMinutes(10) }, clock);

    private AcmClient WithSnapshots(TimeProvider clock, params FaultyNode[] nodes) =>
        Clients.With(FaultyNode.Options(nodes) with { NoSnapshot = false, SnapshotPath = _files.Path, TryTimeout = TimeSpan.FromMinutes(5), LongPollTimeout = TimeSpan.FromMinutes(10) }, clock);

    private SnapshotState Snapshot() => new SnapshotStore(_files.Path, TimeProvider.System).Read("", Key).State;

    /// <summary>Another client publishes between the check of the condition and the publish.</summary>
    private void SomeoneElsePublishesFirst(FaultyNode node)
    {
        bool isFirst = true;
        node.Faults.Script = request =>
        {
            if (isFirst && FaultyNode.IsPublish(request))
            {
                isFirst = false;
                _truth.Write("a", "other");
            }

            return null;
        };
    }

    private static async Task PassAllAsync(WatchClock clock)
    {
        while (true) await clock.PassAsync();
    }
}
