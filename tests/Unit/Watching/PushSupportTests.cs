using Acm.Client;
using Acm.Client.Watching.Feeds;
using Acm.Tests.Server;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>The checks in the background for gRPC that was refused.</summary>
public sealed class PushSupportTests
{
    private static readonly ConfigKey Key = new("app.yml");

    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(AcmErrorKind.ServerUnavailable, 10, 20, 40)]
    [InlineData(AcmErrorKind.CapabilityMissing, 300, 300, 300)]
    public async Task The_pauses_before_checks_start_with_10_seconds_and_grow(AcmErrorKind kind, int first, int second, int third)
    {
        using var link = new ScriptedPushLink("a:1", _ => []);
        int checks = 0;
        var links = new ScriptedPushLinks(_ => ++checks == 3 ? link : throw new AcmException(AcmErrorKind.ServerUnavailable, "no"));
        using AcmConnection connection = Connect("a:1");
        var support = new PushSupport(links, connection.Pool, log: null, _clock, Cancelled);
        support.NoteRefused(new AcmException(kind, "no"));

        for (int check = 1; check <= 3; check++)
        {
            _clock.Advance(TimeSpan.FromSeconds(check == 1 ? first : check == 2 ? second : third) - TimeSpan.FromTicks(1));
            Assert.Equal(check - 1, await ChecksAsync(support));
            _clock.Advance(TimeSpan.FromTicks(1));
            Assert.Equal(check, await ChecksAsync(support));
        }

        Assert.True(support.IsBack(""));
        Assert.True(link.Disposed.IsCompleted);

        async Task<int> ChecksAsync(PushSupport support)
        {
            Assert.False(support.IsBack(""));
            await support.Check.WaitAsync(Clients.Deadline, Cancelled);
            return links.Opened.Count;
        }
    }

    [Fact]
    public async Task A_check_that_fails_unexpectedly_is_logged_and_repeated()
    {
        var links = new ScriptedPushLinks(_ => throw new InvalidOperationException("an odd reason"));
        var log = new RecordingLog(AcmLogLevel.Warning);
        using AcmConnection connection = Connect("a:1");
        var support = new PushSupport(links, connection.Pool, log, _clock, Cancelled);
        support.NoteRefused(new AcmException(AcmErrorKind.ServerUnavailable, "no"));

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.False(support.IsBack(""));
        await support.Check.WaitAsync(Clients.Deadline, Cancelled);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.False(support.IsBack(""));
        await support.Check.WaitAsync(Clients.Deadline, Cancelled);

        Assert.Equal(2, links.Opened.Count);
        Assert.Equal(2, log.Lines.Count);
        Assert.All(log.Lines, line => Assert.Contains("an odd reason", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_is_closed_ends_the_check_that_waits_for_a_silent_server()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var relay = new TcpRelay(server.GrpcUri.Port, RelayMode.Http1);
        using AcmConnection connection = Connect(server.Uri.Authority, relay.Port);
        using IChangeFeed refused = New(connection);
        FeedAnswer answer = await Clients.InTime(refused.WaitAsync(isRecovering: false, Cancelled));
        using IChangeFeed standIn = New(connection);
        int before = relay.Connections;

        relay.Mode = RelayMode.Silent;
        _clock.Advance(TimeSpan.FromSeconds(10));
        Task<FeedAnswer> waiting = standIn.WaitAsync(isRecovering: false, Cancelled);
        await Polling.UntilAsync(() => relay.Connections > before);
        connection.Dispose();

        // No time passes on the clock of the limits, so that only the end of the connection can end the check.
        await Polling.UntilAsync(() => relay.Left == 1);
        await Clients.InTime(waiting);
        Assert.Equal((true, AcmWatchTransport.LongPoll), (answer.IsOver, standIn.Transport));
    }

    private static IChangeFeed New(AcmConnection connection)
    {
        IChangeFeed feed = connection.Watching.Feeds.New("", _ => true, () => TimeSpan.FromSeconds(10), AcmWatchTransport.Auto, includesMetadata: false);
        feed.Add(Key, md5: null, isChecked: true);
        return feed;
    }

    private AcmConnection Connect(string server, int? grpcPort = null) =>
        new(new AcmClientOptions { Endpoint = server, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true, GrpcPort = grpcPort }, _clock, () => 0, dialect: null);
}
