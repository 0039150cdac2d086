using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Protocol.Nacos;
using Acm.Client.Protocol.Nacos.Push;
using Acm.Client.Servers;
using Acm.Client.Watching.Feeds;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>The reactions of a feed to the messages and failures of its connections.</summary>
public sealed class GrpcFeedTests
{
    private static readonly ConfigKey Key = new("app.yml");

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_three_minutes_without_news_all_keys_are_compared_on_the_same_connection()
    {
        using var link = new ScriptedPushLink("a:1", listens => listens == 0 ? [] : [Key]);
        var links = new ScriptedPushLinks(_ => link);
        using AcmConnection connection = Connect("a:1");
        using GrpcFeed feed = Watch(links, connection);

        Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, Cancelled);
        await link.Waiting;
        _clock.Advance(TimeSpan.FromMinutes(3));
        FeedAnswer answer = await Clients.InTime(waiting);

        Assert.Null(answer.Error);
        Assert.Equal([Key], answer.Changed);
        Assert.Equal(["a:1"], links.Opened);
    }

    [Fact]
    public async Task A_server_that_is_lost_is_asked_again_where_no_other_can_be_connected_to()
    {
        using var first = new ScriptedPushLink("a:1", _ => []);
        using var second = new ScriptedPushLink("a:1", _ => [Key]);
        var replies = new Queue<ScriptedPushLink>([first, second]);
        AcmException down = Refused(AcmErrorKind.ServerUnavailable, nameof(AcmClientOptions.GrpcPort));
        var links = new ScriptedPushLinks(server => server.Port == 1 ? replies.Dequeue() : throw down);
        using AcmConnection connection = Connect("a:1,b:2");
        using GrpcFeed feed = Watch(links, connection);

        Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, Cancelled);
        await first.Waiting;
        links.Opened.Clear();
        first.Lose(down);
        FeedAnswer lost = await Clients.InTime(waiting);
        FeedAnswer unreachable = await Clients.InTime(feed.WaitAsync(isRecovering: false, Cancelled));
        FeedAnswer back = await Clients.InTime(feed.WaitAsync(isRecovering: false, Cancelled));

        Assert.Equal((false, false), (lost.IsOver, unreachable.IsOver));
        Assert.Equal([Key], back.Changed);
        Assert.Equal(["b:2", "a:1"], links.Opened);
    }

    [Theory]
    [InlineData(AcmErrorKind.AccessDenied, null, false)]
    [InlineData(AcmErrorKind.InvalidResponse, null, false)]
    [InlineData(AcmErrorKind.Throttled, null, true)]
    [InlineData(AcmErrorKind.CapabilityMissing, null, true)]
    [InlineData(AcmErrorKind.ServerUnavailable, nameof(AcmClientOptions.GrpcPort), true)]
    public async Task What_one_namespace_is_refused_takes_gRPC_from_no_other(AcmErrorKind kind, string? option, bool isAboutAll)
    {
        AcmException refusal = Refused(kind, option);
        using var link = new ScriptedPushLink("a:1", _ => throw refusal);
        using AcmConnection connection = Connect("a:1");
        using GrpcFeed feed = Watch(new ScriptedPushLinks(_ => link), connection, out PushSupport support);

        FeedAnswer answer = await Clients.InTime(feed.WaitAsync(isRecovering: false, Cancelled));

        Assert.Equal((isAboutAll, !isAboutAll), (answer.IsOver, support.IsReady));
        Assert.Equal(isAboutAll ? null : refusal, answer.Error);
        Assert.Equal(isAboutAll, answer.Pause == TimeSpan.Zero);
        Assert.Equal(isAboutAll ? "no" : null, Told(support));
    }

    [Fact]
    public async Task A_server_that_is_silent_over_HTTP_is_not_waited_for()
    {
        using var silent = new SilentServer();
        using AcmConnection connection = Connect(silent.Endpoint);
        var tls = new TlsVerification(roots: null, serverName: null, skip: false);
        var links = new NacosPushLinks((NacosLinks)connection.Links, tls, clientCertificate: null, port: null, "test", _clock);

        Task<IPushLink> opening = links.OpenAsync(connection.Pool.Directory.Servers.Snapshot()[0], "", default, Cancelled);
        await silent.Asked;
        _clock.Advance(NacosPushLink.CallTimeout);
        AcmException error = await Clients.FailsAsync(opening);

        Assert.Equal((AcmErrorKind.Timeout, null), (error.Kind, error.Option));
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public async Task Connections_that_break_soon_three_times_in_a_row_end_in_the_fall_back(int seconds, bool isOver)
    {
        var links = new ScriptedPushLinks(_ => Broken());
        using AcmConnection connection = Connect("a:1");
        using GrpcFeed feed = Watch(links, connection, out PushSupport support);
        var answers = new List<FeedAnswer>();

        for (int i = 0; i < 3; i++) answers.Add(await Clients.InTime(feed.WaitAsync(isRecovering: false, Cancelled)));

        Assert.Equal([false, false, isOver], answers.Select(answer => answer.IsOver));
        Assert.Equal(!isOver, support.IsReady);
        Assert.Equal(isOver ? "no" : null, Told(support));

        ScriptedPushLink Broken()
        {
            var link = new ScriptedPushLink("a:1", _ => []);
            _ = link.Waiting.ContinueWith(_ =>
            {
                _clock.Advance(TimeSpan.FromSeconds(seconds));
                link.Lose(Refused(AcmErrorKind.ServerUnavailable, nameof(AcmClientOptions.GrpcPort)));
            }, TaskScheduler.Default);
            return link;
        }
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public async Task The_server_that_pushes_is_read_from_unless_it_rests(bool rests, int port)
    {
        using var link = new ScriptedPushLink("b:2", _ => []);
        var links = new ScriptedPushLinks(server => server.Port == 2 ? link : throw Refused(AcmErrorKind.ServerUnavailable, nameof(AcmClientOptions.GrpcPort)));
        using AcmConnection connection = Connect("a:1,b:2");
        using GrpcFeed feed = Watch(links, connection, out PushSupport support);
        support.NoteRefused(Refused(AcmErrorKind.ServerUnavailable, nameof(AcmClientOptions.GrpcPort)));
        await Clients.InTime(feed.WaitAsync(isRecovering: false, Cancelled));
        ServerList servers = connection.Pool.Directory.Servers;
        if (rests) servers.Throttled(servers.Snapshot()[1], TimeSpan.FromMinutes(1));

        Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, Cancelled);
        await link.Waiting;

        Assert.True(support.IsReady);
        Assert.Equal(port, servers.InUse!.Port);
        link.Lose(Refused(AcmErrorKind.ServerUnavailable, nameof(AcmClientOptions.GrpcPort)));
        await Clients.InTime(waiting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_push_that_changes_no_content_is_told_with_metadata_only(bool includesMetadata)
    {
        using var link = new ScriptedPushLink("a:1", listens => listens < 2 ? [] : [Key]);
        using AcmConnection connection = Connect("a:1");
        using GrpcFeed feed = new(new PushSupport(new ScriptedPushLinks(_ => link), connection.Pool, log: null, _clock, Cancelled), fallsBack: true, maxKeys: 100, _clock, () => 0, "") { IncludesMetadata = includesMetadata };
        feed.Add(Key, md5: null, isChecked: true);

        Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, Cancelled);
        await link.Waiting;
        link.Tell(Key, new ConfigKey("of nobody"));
        FeedAnswer answer = await Clients.InTime(waiting);

        // The feed continues without it, and reports the next change.
        Assert.Equal(includesMetadata ? [] : [Key], answer.Changed);
        Assert.Equal(includesMetadata ? [Key] : [], answer.Touched);
    }

    [Fact]
    public async Task All_keys_are_compared_again_after_three_minutes_without_a_push()
    {
        using var link = new ScriptedPushLink("a:1", listens => listens < 1 ? [] : [Key]);
        using AcmConnection connection = Connect("a:1");
        using GrpcFeed feed = Watch(new ScriptedPushLinks(_ => link), connection);

        Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, Cancelled);
        await link.Waiting;
        _clock.Advance(TimeSpan.FromMinutes(3) - TimeSpan.FromTicks(1));
        bool isEarly = waiting.IsCompleted;
        _clock.Advance(TimeSpan.FromTicks(1));
        FeedAnswer answer = await Clients.InTime(waiting);

        Assert.False(isEarly);
        Assert.Equal([Key], answer.Changed);
    }

    [Fact]
    public async Task A_server_that_sends_its_clients_to_another_is_followed_there()
    {
        using var first = new ScriptedPushLink("a:1", _ => []) { Successor = "c" };
        using var other = new ScriptedPushLink("c:3", _ => [Key]);
        var links = new ScriptedPushLinks(server => server.Port == 1 ? first : other);
        using AcmConnection connection = Connect("a:1,b:2,c:3");
        using GrpcFeed feed = Watch(links, connection);

        Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, Cancelled);
        await first.Waiting;
        links.Opened.Clear();
        first.Lose(Refused(AcmErrorKind.ServerUnavailable, nameof(AcmClientOptions.GrpcPort)));
        FeedAnswer lost = await Clients.InTime(waiting);
        FeedAnswer answer = await Clients.InTime(feed.WaitAsync(isRecovering: false, Cancelled));

        Assert.Equal(TimeSpan.Zero, lost.Pause);
        Assert.Equal([Key], answer.Changed);
        Assert.Equal(["c:3"], links.Opened);
    }

    [Fact]
    public async Task Two_servers_that_send_their_clients_to_each_other_do_not_keep_them_from_the_third()
    {
        AcmException reset = Refused(AcmErrorKind.ServerUnavailable, nameof(AcmClientOptions.GrpcPort));
        using var first = new ScriptedPushLink("a:1", _ => throw reset) { Successor = "b" };
        using var second = new ScriptedPushLink("b:2", _ => throw reset) { Successor = "a" };
        using var third = new ScriptedPushLink("c:3", _ => [Key]);
        ScriptedPushLink[] all = [first, second, third];
        var links = new ScriptedPushLinks(server => all[server.Port - 1]);
        using AcmConnection connection = Connect("a:1,b:2,c:3");
        using GrpcFeed feed = Watch(links, connection);

        var answers = new List<FeedAnswer>();
        for (int i = 0; i < 3; i++) answers.Add(await Clients.InTime(feed.WaitAsync(isRecovering: false, Cancelled)));

        Assert.Equal(["a:1", "b:2", "c:3"], links.Opened);
        Assert.Equal([Key], answers[^1].Changed);
    }

    // Keys that come interrupt a wait, and may do so again and again.
    [Fact]
    public async Task A_wait_that_is_interrupted_goes_on_with_the_connection_that_was_begun()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var first = new ScriptedPushLink("a:1", _ => []) { Successor = "c" };
        using var other = new ScriptedPushLink("c:3", _ => [Key]);
        var links = new ScriptedPushLinks(server => server.Port == 1 ? first : other) { Until = server => server.Port == 3 ? reached.Task : Task.CompletedTask };
        using AcmConnection connection = Connect("a:1,b:2,c:3");
        using GrpcFeed feed = Watch(links, connection);
        Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, Cancelled);
        await first.Waiting;
        first.Lose(Refused(AcmErrorKind.ServerUnavailable, nameof(AcmClientOptions.GrpcPort)));
        await Clients.InTime(waiting);
        links.Opened.Clear();

        for (int i = 0; i < 3; i++)
        {
            using var interrupted = new CancellationTokenSource();
            Task<FeedAnswer> wait = feed.WaitAsync(isRecovering: false, interrupted.Token);
            await interrupted.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        }

        reached.SetResult();
        FeedAnswer answer = await Clients.InTime(feed.WaitAsync(isRecovering: false, Cancelled));

        Assert.Equal([Key], answer.Changed);
        Assert.Equal(["c:3"], links.Opened);
    }

    [Fact]
    public async Task A_connection_that_comes_after_the_end_is_closed()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var link = new ScriptedPushLink("a:1", _ => []);
        var links = new ScriptedPushLinks(_ => link) { Until = _ => reached.Task };
        using AcmConnection connection = Connect("a:1");
        using var interrupted = new CancellationTokenSource();
        using (GrpcFeed feed = Watch(links, connection))
        {
            Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, interrupted.Token);
            await interrupted.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        }

        reached.SetResult();
        await link.Disposed.WaitAsync(Clients.Deadline, Cancelled);
    }

    [Fact]
    public async Task A_successor_that_cannot_be_connected_to_is_followed_by_the_other_servers_and_then_by_a_pause()
    {
        AcmException down = Refused(AcmErrorKind.ServerUnavailable, option: null);
        using var first = new ScriptedPushLink("a:1", _ => []) { Successor = "c" };
        bool isFirst = true;
        var links = new ScriptedPushLinks(server =>
        {
            if (server.Port != 1 || !isFirst) throw down;

            isFirst = false;
            return first;
        });
        using AcmConnection connection = Connect("a:1,b:2,c:3");
        using GrpcFeed feed = Watch(links, connection, random: 1);
        Task<FeedAnswer> waiting = feed.WaitAsync(isRecovering: false, Cancelled);
        await first.Waiting;
        links.Opened.Clear();
        first.Lose(down);
        await Clients.InTime(waiting);

        var pauses = new List<TimeSpan>();
        for (int i = 0; i < 6; i++) pauses.Add((await Clients.InTime(feed.WaitAsync(isRecovering: false, Cancelled))).Pause);

        Assert.Equal(["c:3", "b:2", "a:1", "b:2", "c:3", "a:1"], links.Opened);
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero, BackOff.After(1, random: 1), TimeSpan.Zero, TimeSpan.Zero, BackOff.After(2, random: 1)], pauses);
    }

    private static string? Told(PushSupport support) => support.FallBack is { IsNews: true } fallBack ? fallBack.Reason : null;

    private static AcmException Refused(AcmErrorKind kind, string? option) => new(kind, "no") { Option = option };

    private AcmConnection Connect(string servers) =>
        new(new AcmClientOptions { Endpoint = servers, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true }, _clock, () => 0, dialect: null);

    private GrpcFeed Watch(ScriptedPushLinks links, AcmConnection connection, double random = 0) => Watch(links, connection, out _, random);

    private GrpcFeed Watch(ScriptedPushLinks links, AcmConnection connection, out PushSupport support, double random = 0)
    {
        support = new PushSupport(links, connection.Pool, log: null, _clock, Cancelled);
        var feed = new GrpcFeed(support, fallsBack: true, maxKeys: 100, _clock, () => random, "");
        feed.Add(Key, md5: null, isChecked: true);
        return feed;
    }
}
