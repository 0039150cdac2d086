using Acm.Client;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Protocol.Nacos;
using Acm.Client.Protocol.Nacos.Push;
using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;
using Acm.Tests.Server;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>Watchers with push over gRPC from a real server, and their fallback.</summary>
public sealed class GrpcWatchTests
{
    private static readonly ConfigKey Key = new("app.yml");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Two")]
    [InlineData("Three")]
    [InlineData("ThreeTwo")]
    public async Task A_watcher_is_pushed_the_value_each_change_the_removal_and_the_new_beginning(string generation)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(generation) });
        using AcmClient client = Connect(server.Uri);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);

        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "one");
        await client.PublishAsync(Key, "two", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
        await client.RemoveAsync(Key, cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Removed, "app.yml", null);
        await client.PublishAsync(Key, "three", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "three");

        WatchedKey status = await StatusAsync(watcher, AcmWatchTransport.Grpc);
        Assert.Equal((WatchState.Watching, $"127.0.0.1:{server.GrpcUri.Port}"), (status.State, status.Server));
        Assert.NotNull(status.LastContact);
        Assert.Equal(4, log.All.Count);
    }

    [Fact]
    public async Task A_change_of_metadata_or_of_another_clients_beta_is_no_event()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.NextAsync();

        await RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", "dataId=app.yml&group=DEFAULT_GROUP&content=beta", "Content-Type: application/x-www-form-urlencoded", "betaIps: 10.1.2.3");
        await client.PublishAsync(Key, "one", new PublishOptions { Type = "yaml" }, cancellationToken: Cancelled);
        await client.PublishAsync(Key, "two", cancellationToken: Cancelled);

        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
        Assert.Equal(2, log.All.Count);
    }

    [Fact]
    public async Task Metadata_that_changes_with_the_content_is_one_event_for_a_watcher_of_both()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.ThreeTwo });
        using AcmClient client = Connect(server.Uri);
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync, new WatchOptions { IncludeMetadata = true });
        await log.NextAsync();

        await client.PublishAsync(Key, "two", new PublishOptions { Description = "new" }, cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
        await client.PublishAsync(Key, "three", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "three");

        Assert.Equal(3, log.All.Count);
    }

    [Fact]
    public async Task Many_keys_are_spread_over_connections_and_each_is_told_once()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri, options => options with { LongPollBatchSize = 100 });
        var log = new ChangeLog();
        ConfigKey[] keys = [.. Enumerable.Range(0, 450).Select(n => new ConfigKey($"key-{n:000}"))];
        using ConfigWatcher watcher = client.Watch(keys, log.TakeAsync);
        await Clients.InTime(watcher.Ready.ContinueWith(_ => true, TaskScheduler.Default));

        foreach (ConfigKey key in keys.Where((_, i) => i % 9 == 0)) await client.PublishAsync(key, "x", cancellationToken: Cancelled);
        for (int i = 0; i < 50; i++) await log.NextAsync();

        Assert.Equal(50, log.All.Select(change => change.DataId).Distinct().Count());
        Assert.Equal(50, log.All.Count);
    }

    [Fact]
    public async Task A_key_that_comes_and_one_that_goes_take_no_new_connection()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var relay = new TcpRelay(server.GrpcUri.Port);
        using AcmClient client = Connect(server.Uri, options => options with { GrpcPort = relay.Port });
        var log = new ChangeLog();
        using ConfigWatcher first = client.Watch([Key], log.TakeAsync);
        await Clients.InTime(first.Ready.ContinueWith(_ => true, TaskScheduler.Default));

        for (int i = 0; i < 5; i++)
        {
            using ConfigWatcher other = client.Watch([new ConfigKey("other")], log.TakeAsync);
            await Clients.InTime(other.Ready.ContinueWith(_ => true, TaskScheduler.Default));
        }

        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "one");

        Assert.Equal(1, relay.Connections);
    }

    [Fact]
    public async Task A_key_that_comes_between_two_waits_takes_no_new_connection()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var relay = new TcpRelay(server.GrpcUri.Port, RelayMode.Http1);
        var other = new TaskCompletionSource<(ConfigWatcher Watcher, int Connections)>(TaskCreationOptions.RunContinuationsAsynchronously);
        AcmClient? client = null;

        // The line is written between the wait that succeeds and the next one.
        var lines = new CallingLog("was resumed", () => other.SetResult((Watch(client!, "other.yml"), relay.Connections)));
        using (client = Connect(server.Uri, options => options with { GrpcPort = relay.Port, Log = lines }))
        {
            using ConfigWatcher watcher = Watch(client, "app.yml");
            await Clients.StatusAsync(watcher, status => status.State == WatchState.BackingOff);

            relay.Mode = RelayMode.Pass;
            (ConfigWatcher second, int before) = await Clients.InTime(other.Task);
            await Clients.InTime(second.Ready.ContinueWith(_ => true, TaskScheduler.Default));

            Assert.Equal(WatchState.Watching, second.State);
            Assert.Equal(before, relay.Connections);
        }

        static ConfigWatcher Watch(AcmClient client, string dataId) =>
            client.Watch([new ConfigKey(dataId)], new ChangeLog().TakeAsync, new WatchOptions { Transport = AcmWatchTransport.Grpc });
    }

    [Fact]
    public async Task What_changed_while_the_server_was_away_is_told_once_it_is_back()
    {
        using var files = new TemporaryFiles();
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(Path.Combine(files.Path, "data.db"));
        using AcmClient client = Connect(server.Uri);
        await client.PublishAsync(Key, "0", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "0");

        for (int round = 1; round <= 2; round++)
        {
            server.Kill();
            await server.RestartAsync();
            await PublishAsync(server.Uri, $"{round}");
            await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", $"{round}");
        }

        Assert.Equal(3, log.All.Count);
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_made_again_and_no_change_is_lost_or_told_twice()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var relay = new TcpRelay(server.GrpcUri.Port);
        using AcmClient client = Connect(server.Uri, options => options with { GrpcPort = relay.Port });
        await client.PublishAsync(Key, "0", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.NextAsync();

        relay.Cut();
        await PublishAsync(server.Uri, "1");
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "1");
        await client.PublishAsync(Key, "2", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "2");

        await StatusAsync(watcher, AcmWatchTransport.Grpc);
        Assert.Equal(3, log.All.Count);
    }

    [Theory]
    [InlineData("Silent")]
    [InlineData("Http1")]
    [InlineData("Nothing")]
    public async Task A_port_that_can_not_be_used_ends_in_long_polling_said_once_within_seconds(string obstacle)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var relay = new TcpRelay(server.GrpcUri.Port, obstacle == "Http1" ? RelayMode.Http1 : RelayMode.Silent);
        int port = obstacle == "Nothing" ? ScriptedServer.UnusedPort() : relay.Port;
        var lines = new RecordingLog(AcmLogLevel.Warning);
        using AcmClient client = Connect(server.Uri, options => options with { GrpcPort = port, Log = lines });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        using ConfigWatcher second = client.ForNamespace("other").Watch([Key], log.TakeAsync);

        string told = await lines.WaitForAsync("gRPC", Cancelled);
        await Clients.InTime(watcher.Ready.ContinueWith(_ => true, TaskScheduler.Default));
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "one");

        await StatusAsync(watcher, AcmWatchTransport.LongPoll);
        await StatusAsync(second, AcmWatchTransport.LongPoll);
        Assert.StartsWith("gRPC cannot be used: 127.0.0.1:", told, StringComparison.Ordinal);
        Assert.EndsWith("Changes are detected by long polling until it works.", told, StringComparison.Ordinal);
        Assert.Single(lines.Lines);
    }

    [Fact]
    public async Task A_port_that_worked_and_is_refused_later_is_told_of_before_the_first_long_poll_ends()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var relay = new TcpRelay(server.GrpcUri.Port);
        var lines = new RecordingLog(AcmLogLevel.Warning);
        using AcmClient client = Connect(server.Uri, options => options with { GrpcPort = relay.Port, Log = lines, LongPollTimeout = TimeSpan.FromMinutes(10) });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await StatusAsync(watcher, AcmWatchTransport.Grpc);

        relay.Mode = RelayMode.Http1;
        relay.Cut();

        Assert.StartsWith("gRPC cannot be used: ", await Clients.InTime(lines.WaitForAsync("gRPC", Cancelled)), StringComparison.Ordinal);
        await StatusAsync(watcher, AcmWatchTransport.LongPoll);
    }

    [Fact]
    public async Task A_right_that_is_missing_is_no_reason_to_log_in_each_time()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            Users = [UserEntry.Parse("writer=readwrite@dev")],
            Passwords = new Dictionary<string, string> { ["writer"] = "pw" },
        });
        var clock = new FakeTimeProvider();
        using var connection = new AcmConnection(
            new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true, Credential = new AcmCredential("writer", "pw") }, clock, () => 0, dialect: null);
        var links = new NacosPushLinks((NacosLinks)connection.Links, new TlsVerification(roots: null, serverName: null, skip: false), clientCertificate: null, server.GrpcUri.Port, "test", clock);
        ServerAddress address = connection.Pool.Directory.Servers.Snapshot()[0];
        using IPushLink link = await Clients.InTime(links.OpenAsync(address, "other", default, Cancelled));
        var http = (NacosLink)connection.Links.Open(address, await connection.Links.GetProofAsync(Cancelled), default);

        await Clients.FailsAsync(link.ListenAsync([new(Key, null)], Cancelled));
        RequestProof? afterOne = await http.ProofAsync(Cancelled);
        clock.Advance(TimeSpan.FromMinutes(2));
        await Clients.FailsAsync(link.ListenAsync([new(Key, null)], Cancelled));

        Assert.NotNull(afterOne);
        Assert.Same(afterOne, await http.ProofAsync(Cancelled));
    }

    [Fact]
    public async Task The_first_generation_is_polled_without_a_word()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.One });
        var lines = new RecordingLog(AcmLogLevel.Warning);
        using AcmClient client = Connect(server.Uri, options => options with { Log = lines });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await Clients.InTime(watcher.Ready.ContinueWith(_ => true, TaskScheduler.Default));

        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "one");

        await StatusAsync(watcher, AcmWatchTransport.LongPoll);
        Assert.Empty(lines.Lines);
    }

    [Fact]
    public async Task Where_there_is_no_long_poll_either_values_are_compared()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.ThreeTwo, NoGrpc = true });
        using AcmClient client = Connect(server.Uri);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);

        await StatusAsync(watcher, AcmWatchTransport.Poll);
    }

    [Fact]
    public async Task A_transport_that_was_chosen_is_the_one_in_use()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Connect(server.Uri);
        var log = new ChangeLog();

        foreach (AcmWatchTransport transport in (AcmWatchTransport[])[AcmWatchTransport.Grpc, AcmWatchTransport.LongPoll, AcmWatchTransport.Poll])
        {
            using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync, new WatchOptions { Transport = transport });
            await StatusAsync(watcher, transport);
        }
    }

    [Fact]
    public async Task A_watcher_that_wants_grpc_waits_for_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await using var relay = new TcpRelay(server.GrpcUri.Port, RelayMode.Http1);
        using AcmClient client = Connect(server.Uri, options => options with { GrpcPort = relay.Port });
        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync, new WatchOptions { Transport = AcmWatchTransport.Grpc });
        WatchedKey failing = await Clients.StatusAsync(watcher, status => status.State == WatchState.BackingOff);

        relay.Mode = RelayMode.Pass;
        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "one");

        // Such a proxy may also reset the connection before the client reads its response.
        Assert.StartsWith("gRPC cannot be used: ", failing.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dialect_without_push_refuses_a_watcher_that_wants_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var client = new AcmClient(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, NoSnapshot = true });

        AcmException error = Assert.Throws<AcmException>(() => client.Watch([Key], new ChangeLog().TakeAsync, new WatchOptions { Transport = AcmWatchTransport.Grpc }));

        Assert.Equal(AcmErrorKind.CapabilityMissing, error.Kind);
    }

    [Fact]
    public async Task A_user_is_pushed_to_in_the_namespace_of_the_right_and_goes_on_when_the_token_ends()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            Users = [UserEntry.Parse("writer=readwrite@dev")],
            Passwords = new Dictionary<string, string> { ["writer"] = "pw" },
            TokenLife = TimeSpan.FromSeconds(2),
        });
        using AcmClient client = Connect(server.Uri, options => options with { Namespace = "dev", Credential = new AcmCredential("writer", "pw") });
        await client.PublishAsync(Key, "0", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.NextAsync();

        // The token expires after two seconds.
        DateTimeOffset until = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(3);
        int rounds = 0;
        while (TimeProvider.System.GetUtcNow() < until)
        {
            await client.PublishAsync(Key, $"{++rounds}", cancellationToken: Cancelled);
            string content = $"{rounds}";
            await log.NextAsync(change => change.Content == content);
        }

        await StatusAsync(watcher, AcmWatchTransport.Grpc);
    }

    [Fact]
    public async Task A_client_that_is_disposed_of_closes_its_connections()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var log = new ChangeLog();
        using (AcmClient client = Connect(server.Uri))
        {
            ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
            await StatusAsync(watcher, AcmWatchTransport.Grpc);
            await Clients.InTime(watcher.Ready.ContinueWith(_ => true, TaskScheduler.Default));
        }

        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        await server.WaitForListenersAsync(0);
    }

    private static AcmClient Connect(Uri server, Func<AcmClientOptions, AcmClientOptions>? change = null)
    {
        var options = new AcmClientOptions { Endpoint = server.Authority, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true, TryTimeout = TimeSpan.FromSeconds(30) };
        return Clients.With(change?.Invoke(options) ?? options);
    }

    private static Task<WatchedKey> StatusAsync(ConfigWatcher watcher, AcmWatchTransport transport) =>
        Clients.StatusAsync(watcher, status => status.State == WatchState.Watching && status.Transport == transport && status.LastContact is not null);

    private static Task<RawResponse> PublishAsync(Uri server, string content) =>
        RawHttp.PostAsync(server, "/nacos/v1/cs/configs", $"dataId=app.yml&group=DEFAULT_GROUP&content={content}", "Content-Type: application/x-www-form-urlencoded");

    /// <summary>Calls back once, in the call that logs a text.</summary>
    private sealed class CallingLog(string part, Action callback) : IAcmLog
    {
        private int _calls;

        public bool IsEnabled(AcmLogLevel level) => true;

        public void Write(AcmLogLevel level, string message)
        {
            if (message.Contains(part, StringComparison.Ordinal) && Interlocked.Increment(ref _calls) == 1) callback();
        }
    }
}
