using Acm.Client;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>gRPC and HTTP of the same servers, which come, go and lag apart from each other.</summary>
public sealed class GrpcTransportsTests
{
    private static readonly ConfigKey Key = new("app.yml");
    private static readonly ConfigKey Marker = new("marker.yml");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // A server that starts answers gRPC up to half a minute before HTTP (recordings of 3.0.3).
    [Theory]
    [InlineData("Refuse")]
    [InlineData("Silent")]
    public async Task The_connection_stays_while_HTTP_is_down_and_the_change_is_told_once_it_is_back(string outage)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var http = new TcpRelay(server.Uri.Port);
        await using var grpc = new TcpRelay(server.GrpcUri.Port);
        await PublishAsync(server, "1");
        using AcmClient client = Connect($"127.0.0.1:{http.Port}", options => options with { GrpcPort = grpc.Port, TryTimeout = TimeSpan.FromSeconds(1) });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("other.yml")], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "1");
        await Clients.StatusAsync(watcher, status => status is { State: WatchState.Watching, Transport: AcmWatchTransport.Grpc, LastContact: not null });
        await Clients.InTime(watcher.Ready.ContinueWith(_ => true, TaskScheduler.Default));
        int connections = grpc.Connections;

        http.Mode = Enum.Parse<RelayMode>(outage);
        if (http.Mode == RelayMode.Refuse) http.Cut();
        await PublishAsync(server, "2");
        await Clients.StatusAsync(watcher, status => status.LastError is not null);
        WatchedKey other = watcher.Status()[1];
        http.Mode = RelayMode.Pass;
        http.Cut();
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "2");

        Assert.Equal((WatchState.Watching, AcmWatchTransport.Grpc), (other.State, other.Transport));
        await Clients.StatusAsync(watcher, status => status is { State: WatchState.Watching, Transport: AcmWatchTransport.Grpc });
        Assert.Equal(connections, grpc.Connections);
        Assert.Equal(2, log.All.Count);
    }

    [Fact]
    public async Task Changes_are_told_over_HTTP_while_gRPC_hangs_and_over_gRPC_once_it_is_back()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var grpc = new TcpRelay(server.GrpcUri.Port);
        await PublishAsync(server, "1");
        using AcmClient client = Connect(server.Uri.Authority, options => options with { GrpcPort = grpc.Port, LongPollTimeout = TimeSpan.FromSeconds(10) });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "1");
        await Clients.StatusAsync(watcher, status => status is { Transport: AcmWatchTransport.Grpc, LastContact: not null });

        grpc.Mode = RelayMode.Silent;
        await PublishAsync(server, "2");
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "2");
        await Clients.StatusAsync(watcher, status => status is { State: WatchState.Watching, Transport: AcmWatchTransport.LongPoll });
        grpc.Mode = RelayMode.Pass;
        await Clients.StatusAsync(watcher, status => status is { State: WatchState.Watching, Transport: AcmWatchTransport.Grpc });
        await PublishAsync(server, "3");
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "3");

        Assert.Equal(3, log.All.Count);
    }

    // The nodes of a cluster show a change milliseconds to seconds after each other.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Values_are_read_from_the_server_that_pushes_whichever_has_them_first(bool isFirst)
    {
        await using RunningServer first = await RunningServer.StartAsync();
        await using RunningServer second = await RunningServer.StartAsync();
        foreach (RunningServer server in (RunningServer[])[first, second])
        {
            await PublishAsync(server, "0");
            await PublishAsync(server, "0", Marker.DataId);
        }

        using AcmClient client = Connect($"{first.Uri.Authority},{second.Uri.Authority}");
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, Marker], log.TakeAsync);
        for (int i = 0; i < 2; i++) await log.NextAsync();
        WatchedKey status = await Clients.StatusAsync(watcher, key => key is { State: WatchState.Watching, Transport: AcmWatchTransport.Grpc, LastContact: not null });
        (RunningServer pushing, RunningServer other) = status.Server == $"127.0.0.1:{first.GrpcUri.Port}" ? (first, second) : (second, first);
        int marks = 0;

        for (int round = 1; round <= 10; round++)
        {
            (RunningServer ahead, RunningServer behind) = isFirst ? (pushing, other) : (other, pushing);
            await PublishAsync(ahead, $"{round}");
            if (isFirst) await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", $"{round}");
            else await MarkAsync();
            await PublishAsync(behind, $"{round}");
            if (!isFirst) await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", $"{round}");
            await MarkAsync();
        }

        Assert.Null(watcher.Status()[0].LastError);

        // What a publish before it has made the client do is done when the client has told of this change, and an event too many would have come first.
        async Task MarkAsync()
        {
            await PublishAsync(pushing, $"{++marks}", Marker.DataId);
            await log.ExpectAsync(ConfigChangeKind.Changed, Marker.DataId, $"{marks}");
        }
    }

    [Fact]
    public async Task A_temporary_key_that_is_refused_is_renewed_on_the_same_connection()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { AccessKey = "ak", SecretKey = "sk" });
        await using var grpc = new TcpRelay(server.GrpcUri.Port);
        using var keys = new RotatingKeys(new AcmCredential("ak", "sk", "a-token"));
        keys.Expire();
        using AcmClient client = Connect(server.Uri.Authority, options => options with { UsesAccessKeys = true, CredentialSource = keys, Namespace = "dev", GrpcPort = grpc.Port });
        using ConfigWatcher watcher = client.Watch([Key], new ChangeLog().TakeAsync, new WatchOptions { Transport = AcmWatchTransport.Grpc });
        WatchedKey first = await Clients.StatusAsync(watcher, status => status is { State: WatchState.Watching, LastContact: not null } or { State: WatchState.BackingOff });
        int renewals = keys.Renewals;

        keys.Expire();
        using ConfigWatcher later = client.Watch([new ConfigKey("other.yml")], new ChangeLog().TakeAsync, new WatchOptions { Transport = AcmWatchTransport.Grpc });
        WatchedKey second = await Clients.StatusAsync(later, status => status is { State: WatchState.Watching, LastContact: not null } or { State: WatchState.BackingOff });

        Assert.Equal((WatchState.Watching, 1), (first.State, renewals));
        Assert.Equal((WatchState.Watching, 2), (second.State, keys.Renewals));
        Assert.Equal(1, grpc.Connections);
    }

    private static AcmClient Connect(string servers, Func<AcmClientOptions, AcmClientOptions>? change = null)
    {
        var options = new AcmClientOptions { Endpoint = servers, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true, TryTimeout = Clients.Deadline };
        return Clients.With(change?.Invoke(options) ?? options);
    }

    private static Task<RawResponse> PublishAsync(RunningServer server, string content, string dataId = "app.yml") =>
        RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", $"dataId={dataId}&group=DEFAULT_GROUP&content={content}", "Content-Type: application/x-www-form-urlencoded");

    /// <summary>Temporary keys that servers refuse once they have expired, until others are fetched.</summary>
    private sealed class RotatingKeys(AcmCredential good) : AcmCredentialSource
    {
        private readonly AcmCredential _expired = new(good.AccessKey, "expired", "an-expired-token");
        private readonly AcmCredential _good = good;
        private AcmCredential _current = good;
        private int _renewals;

        public int Renewals => Volatile.Read(ref _renewals);

        public override string Name => "Rotating";

        public override AcmCredential? Current => Volatile.Read(ref _current);

        public void Expire() => Volatile.Write(ref _current, _expired);

        public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default) => new(Volatile.Read(ref _current));

        public override void Invalidate(AcmCredential used)
        {
            if (ReferenceEquals(used, Interlocked.CompareExchange(ref _current, _good, _expired))) Interlocked.Increment(ref _renewals);
        }
    }
}
