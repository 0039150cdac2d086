using System.Text.Json;
using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.Protocol.Nacos.Push;
using Acm.Client.Watching.Feeds;
using Acm.Server.Dialects.Nacos;
using Acm.Tests.Server;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>Names that match patterns are reported by the server when they are created, or found in the list.</summary>
public sealed class NameFeedTests
{
    private static readonly ConfigKey Key = new("app.yml");
    private static readonly ConfigFilter[] Filters = [new() { DataId = "app*", Group = "DEFAULT_GROUP" }];
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "*")]
    [InlineData("", "*")]
    [InlineData("app.yml", "app.yml")]
    [InlineData("app*", "app*")]
    [InlineData("*.yml", "*.yml")]
    [InlineData("*app*", "*app*")]
    [InlineData("*", "*")]
    [InlineData("**", "**")]
    [InlineData("app-?.yml", "app-*")]
    [InlineData("a*b", "a*")]
    [InlineData("?pp", "*")]
    [InlineData("a>>b", "a*")]
    public void A_pattern_that_a_server_does_not_have_is_widened(string? pattern, string widened) => Assert.Equal(widened, NameFeed.Widen(pattern));

    [Theory]
    [InlineData("""{"contexts":[{"groupKey":"a%2Bb+g%25+public","changedType":"ADD_CONFIG"},{"groupKey":"c+g+public","changedType":"DELETE_CONFIG"},{"groupKey":"d+g+dev","changedType":"ADD_CONFIG"}]}""", "g%/a+b")]
    [InlineData("""{"groupKey":"a+g+public","changeType":"CONFIG_CHANGED"}""", "g/a")]
    [InlineData("""{"groupKey":"a+g+public","changeType":"DELETE_CONFIG"}""", "")]
    [InlineData("""{"groupKey":"a+g","changeType":"CONFIG_CHANGED"}""", "")]
    [InlineData("""{"contexts":[{"groupKey":7,"changedType":"ADD_CONFIG"},null]}""", "")]
    [InlineData("""{"syncType":"FINISH_FUZZY_WATCH_INIT_NOTIFY"}""", "")]
    public void A_message_names_the_keys_that_exist(string message, string names)
    {
        using var json = JsonDocument.Parse(message);

        Assert.Equal(names, string.Join(" ", NacosPushBody.ReadNames(json.RootElement, "").Select(key => $"{key.Group}/{key.DataId}")));
    }

    [Theory]
    [InlineData("Three")]
    [InlineData("ThreeTwo")]
    public async Task Names_that_are_there_and_those_that_come_are_told_without_a_list(string generation)
    {
        await using RunningServer server = await StartAsync(generation);
        using AcmClient client = Connect(server);
        foreach (string name in (string[])["app.one", "other", "app.two"]) await client.PublishAsync(new ConfigKey(name), "x", cancellationToken: Cancelled);
        await client.PublishAsync(new ConfigKey("app.three", "OTHER"), "x", cancellationToken: Cancelled);
        await using IAsyncEnumerator<ConfigKey> names = Names(client.FollowAsync(Filters, TimeSpan.FromHours(1), cancellationToken: Cancelled));

        HashSet<ConfigKey> first = [await NextAsync(names), await NextAsync(names)];
        await client.PublishAsync(new ConfigKey("another"), "x", cancellationToken: Cancelled);
        await client.PublishAsync(new ConfigKey("app.four"), "x", cancellationToken: Cancelled);
        ConfigKey later = await NextAsync(names);

        Assert.Equal([new("app.one"), new("app.two")], first.OrderBy(key => key.DataId, StringComparer.Ordinal));
        Assert.Equal(new ConfigKey("app.four"), later);
    }

    [Theory]
    [InlineData("Two", AcmWatchTransport.Auto)]
    [InlineData("Three", AcmWatchTransport.LongPoll)]
    public async Task Elsewhere_the_list_is_read(string generation, AcmWatchTransport transport)
    {
        await using RunningServer server = await StartAsync(generation);
        using AcmClient client = Connect(server);
        await client.PublishAsync(Key, "x", cancellationToken: Cancelled);
        await using IAsyncEnumerator<ConfigKey> names = Names(client.FollowAsync(Filters, TimeSpan.FromMilliseconds(20), transport, cancellationToken: Cancelled));

        Assert.Equal(Key, await NextAsync(names));
    }

    [Fact]
    public async Task A_server_that_watches_as_many_patterns_as_it_can_is_read_the_list_of()
    {
        await using RunningServer server = await StartAsync("Three");
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        for (int i = 0; i < 20; i++) await peer.AskAsync("ConfigFuzzyWatchRequest", $$"""{"groupKeyPattern":"public>>G{{i}}>>*","watchType":"WATCH"}""");
        using AcmClient client = Connect(server);
        await client.PublishAsync(Key, "x", cancellationToken: Cancelled);
        await using IAsyncEnumerator<ConfigKey> names = Names(client.FollowAsync(Filters, TimeSpan.FromMilliseconds(20), cancellationToken: Cancelled));

        Assert.Equal(Key, await NextAsync(names));
    }

    [Fact]
    public async Task What_was_created_while_the_connection_was_cut_is_told_once_it_is_back()
    {
        await using RunningServer server = await StartAsync("Three");
        await using var relay = new TcpRelay(server.GrpcUri.Port);
        using AcmClient client = Connect(server, relay.Port);
        await client.PublishAsync(Key, "x", cancellationToken: Cancelled);
        await using IAsyncEnumerator<ConfigKey> names = Names(client.FollowAsync(Filters, TimeSpan.FromMilliseconds(20), cancellationToken: Cancelled));
        await NextAsync(names);

        relay.Cut();
        var created = new ConfigKey("app.new");
        await client.PublishAsync(created, "x", cancellationToken: Cancelled);
        while (!(await NextAsync(names)).Equals(created)) continue;

        Assert.True(relay.Connections >= 1);
    }

    [Theory]
    [InlineData(AcmErrorKind.CapabilityMissing)]
    [InlineData(AcmErrorKind.Throttled)]
    [InlineData(AcmErrorKind.AccessDenied)]
    public async Task A_server_that_refuses_patterns_is_asked_again_after_minutes(AcmErrorKind kind)
    {
        using var refusing = new ScriptedPushLink("a:1", _ => []) { WatchNames = _ => throw new AcmException(kind, "no") };
        using var telling = new ScriptedPushLink("a:1", _ => []);
        telling.Tell(Key);
        var replies = new Queue<ScriptedPushLink>([refusing, telling]);
        var links = new ScriptedPushLinks(_ => replies.Dequeue());
        using AcmConnection connection = Connect();
        using NameFeed feed = Feed(links, connection, [new ConfigKey("listed")]);

        for (int i = 0; i < 10; i++) Assert.Equal([new ConfigKey("listed")], await AfterIntervalAsync(feed));
        int tries = links.Opened.Count;
        IReadOnlyCollection<ConfigKey> told = await Clients.InTime(feed.NextAsync(Cancelled));

        Assert.Equal((1, 2), (tries, links.Opened.Count));
        Assert.Equal([Key], told);
    }

    [Fact]
    public async Task A_server_that_names_as_many_as_it_may_is_read_the_list_of()
    {
        using var link = new ScriptedPushLink("a:1", _ => []);
        link.Tell([.. Enumerable.Range(0, 500).Select(i => new ConfigKey($"app{i}"))]);
        using AcmConnection connection = Connect();
        using NameFeed feed = Feed(new ScriptedPushLinks(_ => link), connection, [Key]);

        int told = (await Clients.InTime(feed.NextAsync(Cancelled))).Count;

        Assert.Equal((500, false), (told, feed.IsPushed));
        Assert.Equal([Key], await AfterIntervalAsync(feed));
    }

    [Fact]
    public async Task A_connection_that_lasted_is_replaced_at_once_and_one_that_did_not_after_a_reading_of_the_list()
    {
        var lost = new AcmException(AcmErrorKind.ServerUnavailable, "gone") { Option = nameof(AcmClientOptions.GrpcPort) };
        ScriptedPushLink[] all = [new("a:1", _ => []), new("a:1", _ => []), new("a:1", _ => [])];
        var replies = new Queue<ScriptedPushLink>(all);
        var links = new ScriptedPushLinks(_ => replies.Dequeue());
        using AcmConnection connection = Connect();
        using NameFeed feed = Feed(links, connection, [Key]);

        Task<IReadOnlyCollection<ConfigKey>> waiting = feed.NextAsync(Cancelled);
        await all[0].Waiting;
        _clock.Advance(TimeSpan.FromMinutes(1));
        all[0].Lose(lost);
        IReadOnlyCollection<ConfigKey> atOnce = await Clients.InTime(waiting);
        all[1].Lose(lost);
        IReadOnlyCollection<ConfigKey> afterPause = await AfterIntervalAsync(feed);
        all[2].Tell(Key);
        await Clients.InTime(feed.NextAsync(Cancelled));

        Assert.Empty(atOnce);
        Assert.Equal([Key], afterPause);
        Assert.Equal(3, links.Opened.Count);
    }

    private static async IAsyncEnumerator<ConfigKey> Names(IAsyncEnumerable<IReadOnlyList<ConfigKey>> followed)
    {
        await foreach (IReadOnlyList<ConfigKey> found in followed)
        {
            foreach (ConfigKey key in found) yield return key;
        }
    }

    private static async Task<ConfigKey> NextAsync(IAsyncEnumerator<ConfigKey> names)
    {
        Assert.True(await Clients.InTime(names.MoveNextAsync().AsTask()));
        return names.Current;
    }

    private static Task<RunningServer> StartAsync(string generation) => RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(generation) });

    private static AcmClient Connect(RunningServer server, int? grpcPort = null) =>
        Clients.With(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true, TryTimeout = Clients.Deadline, GrpcPort = grpcPort });

    private AcmConnection Connect() =>
        new(new AcmClientOptions { Endpoint = "a:1", Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true }, _clock, () => 0, dialect: null);

    private NameFeed Feed(ScriptedPushLinks links, AcmConnection connection, IReadOnlyList<ConfigKey> listed) =>
        new(new PushSupport(links, connection.Pool, log: null, _clock, Cancelled), Filters, _ => Task.FromResult(listed), Interval, _clock, new CallLog(null, null), "");

    /// <summary>Returns the names in the list after the interval.</summary>
    private async Task<IReadOnlyCollection<ConfigKey>> AfterIntervalAsync(NameFeed feed)
    {
        Task<IReadOnlyCollection<ConfigKey>> waiting = feed.NextAsync(Cancelled);

        // Everything before the pause completes synchronously, because the servers are in the test.
        _clock.Advance(Interval);
        return await Clients.InTime(waiting);
    }
}
