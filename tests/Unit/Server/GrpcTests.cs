using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Acm.Client.Protocol.Nacos.Push;
using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos;
using Acm.Server.Dialects.Nacos.Grpc;
using Acm.Server.Limits;
using Acm.Server.Options;
using Acm.Server.Storage;
using Acm.Tests.Support;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

/// <summary>The gRPC port as used by clients of Nacos 2 and 3. The expected values were recorded from Nacos 2.5.1 and 3.0.3.</summary>
public sealed class GrpcTests
{
    private const string HealthCheck = "121f1a124865616c7468436865636b5265717565737442093132372e302e302e311a0412027b7d";
    private const string Query = "12301a12436f6e6669675175657279526571756573743a0f0a066e6f74696679120566616c736542093132372e302e302e311a2812267b22646174614964223a2261222c2267726f7570223a2267222c2274656e616e74223a22227d";
    private const string OneMd5 = "f97c5d29941bfb1b2fdab0874906ab82";

    [Fact]
    public void A_message_has_the_bytes_that_other_clients_send()
    {
        var query = Payload.Parse(Convert.FromHexString(Query));

        Assert.Equal(HealthCheck, Convert.ToHexStringLower(Payload.Frame("HealthCheckRequest", "{}"u8, "127.0.0.1")[Payload.HeadLength..]));
        Assert.Equal(("ConfigQueryRequest", "false", """{"dataId":"a","group":"g","tenant":""}"""), (query.Type, query.Headers["notify"].ToString(), Encoding.UTF8.GetString(query.Body.Span)));
        Assert.Equal(("HealthCheckRequest", "{}"), (NacosPayload.Read(Convert.FromHexString(HealthCheck)).Type, Encoding.UTF8.GetString(NacosPayload.Read(Convert.FromHexString(HealthCheck)).Body)));
    }

    [Fact]
    public void Both_halves_write_what_the_other_reads()
    {
        string body = JsonSerializer.Serialize(new { content = new string('x', 70_000) });

        var read = Payload.Parse(NacosPayload.Write(new NacosPayload("ConfigPublishRequest", Encoding.UTF8.GetBytes(body)) { Headers = [new("accessToken", "t"), new("charset", "UTF-8")] }));
        var back = NacosPayload.Read(Payload.Frame("ConfigQueryResponse", Encoding.UTF8.GetBytes(body), "")[Payload.HeadLength..]);

        Assert.Equal(("ConfigPublishRequest", "t", body), (read.Type, read.Headers["accessToken"].ToString(), Encoding.UTF8.GetString(read.Body.Span)));
        Assert.Equal(("ConfigQueryResponse", body), (back.Type, Encoding.UTF8.GetString(back.Body)));
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("ffffffff")]
    [InlineData("12051a")]
    [InlineData("0b")]
    public void What_is_not_protobuf_is_told(string hex)
    {
        Assert.Throws<InvalidDataException>(() => Payload.Parse(Convert.FromHexString(hex)));
        Assert.Throws<InvalidDataException>(() => NacosPayload.Read(Convert.FromHexString(hex)));
    }

    [Fact]
    public async Task Before_the_set_up_a_client_is_told_to_set_up_and_after_it_is_served()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer stranger = GrpcPeer.Connect(server.GrpcUri);
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);

        (string check, JsonElement body) = await stranger.AskAsync("ServerCheckRequest", "{}");

        Assert.Equal(("ServerCheckResponse", true), (check, body.GetProperty("supportAbilityNegotiation").GetBoolean()));
        Assert.Matches("^[0-9]+_127.0.0.1_[0-9]+$", body.GetProperty("connectionId").GetString());
        Assert.Equal("ErrorResponse 301", await stranger.OutcomeAsync("ConfigQueryRequest", """{"dataId":"a","group":"g"}"""));
        Assert.Equal("ErrorResponse 301", await stranger.OutcomeAsync("HealthCheckRequest", "{}"));
        Assert.Equal("ConfigQueryResponse 300", await peer.OutcomeAsync("ConfigQueryRequest", """{"dataId":"a","group":"g"}"""));
        Assert.Equal("HealthCheckResponse 0", await peer.OutcomeAsync("HealthCheckRequest", "{}"));
    }

    [Theory]
    [InlineData("ConfigQueryRequest", """{"dataId":"a b","group":"g"}""", "ConfigQueryResponse 400")]
    [InlineData("ConfigQueryRequest", """{"group":"g"}""", "ConfigQueryResponse 500")]
    [InlineData("ConfigPublishRequest", """{"dataId":"a","group":"g","content":" "}""", "ConfigPublishResponse 400")]
    [InlineData("ConfigPublishRequest", """{"dataId":"a","group":"g"}""", "ConfigPublishResponse 400")]
    [InlineData("ConfigPublishRequest", """{"dataId":"a","group":"g","content":"x","additionMap":{"tag":"a b"}}""", "ConfigPublishResponse 500")]
    [InlineData("ConfigPublishRequest", """{"dataId":"a","group":"g","content":"x","additionMap":null}""", "ConfigPublishResponse 0")]
    [InlineData("ConfigRemoveRequest", """{"dataId":"a","group":"g"}""", "ConfigRemoveResponse 0")]
    [InlineData("ConfigBatchListenRequest", """{"configListenContexts":[{"dataId":"a b","group":"g"}]}""", "ConfigChangeBatchListenResponse 400")]
    [InlineData("ConfigBatchListenRequest", """{"listen":true}""", "ConfigChangeBatchListenResponse 0")]
    [InlineData("ConfigBatchListenRequest", """{"listen":true,"configListenContexts":5}""", "ErrorResponse 502")]
    [InlineData("ConfigQueryRequest", "this is not json", "ErrorResponse 502")]
    [InlineData("ConfigQueryRequest", """{"dataId":"a b","group":"g","tag":{}}""", "ConfigQueryResponse 400")]
    [InlineData("ConfigQueryRequest", """{"dataId":"a b","group":"g","tag":"\ud800"}""", "ConfigQueryResponse 400")]
    [InlineData("ConfigQueryRequest", "[]", "ErrorResponse 502")]
    [InlineData("ConfigQueryRequest", """{"dataId":"\ud800","group":"g"}""", "ErrorResponse 502")]
    [InlineData("NopeRequest", "{}", "ErrorResponse 302")]
    [InlineData("", "{}", "ErrorResponse 302")]
    [InlineData("ServerReloadRequest", "{}", "ErrorResponse 502")]
    public async Task A_request_that_can_not_be_carried_out_has_a_code(string type, string body, string outcome)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);

        Assert.Equal(outcome, await peer.OutcomeAsync(type, body));
    }

    [Fact]
    public async Task What_is_published_over_one_transport_is_read_over_the_other()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        await PublishAsync(server, "http", "one");

        await peer.AskAsync("ConfigPublishRequest", """{"dataId":"grpc","group":"g","content":"zwei €","additionMap":{"type":"yaml"}}""");
        (_, JsonElement overGrpc) = await peer.AskAsync("ConfigQueryRequest", """{"dataId":"http","group":"g","tenant":"public"}""");
        RawResponse overHttp = await RawHttp.GetAsync(server.Uri, "/nacos/v1/cs/configs?dataId=grpc&group=g");

        Assert.Equal(("one", OneMd5, "text"), (overGrpc.GetProperty("content").GetString(), overGrpc.GetProperty("md5").GetString(), overGrpc.GetProperty("contentType").GetString()));
        Assert.Equal(("zwei €", "yaml"), (Encoding.UTF8.GetString(overHttp.Body), overHttp.Header("Config-Type")));
    }

    [Fact]
    public async Task A_publish_against_another_md5_is_refused()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        await PublishAsync(server, "a", "one");

        string wrong = await peer.OutcomeAsync("ConfigPublishRequest", """{"dataId":"a","group":"g","content":"two","casMd5":"c4ca4238a0b923820dcc509a6f75849b"}""");
        string right = await peer.OutcomeAsync("ConfigPublishRequest", $$"""{"dataId":"a","group":"g","content":"two","casMd5":"{{OneMd5}}"}""");

        Assert.Equal(("ConfigPublishResponse 500", "ConfigPublishResponse 0"), (wrong, right));
    }

    [Fact]
    public async Task A_listener_is_pushed_each_change_and_told_of_what_it_missed()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await PublishAsync(server, "a", "one");
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);

        string same = await peer.ListenAsync(OneMd5, "a");
        await PublishAsync(server, "a", "two");
        (string type, JsonElement push) = await peer.NextPushAsync();
        string missed = await peer.ListenAsync(OneMd5, "a");
        await PublishAsync(server, "a", "two");
        await peer.AskAsync("ConfigRemoveRequest", """{"dataId":"a","group":"g"}""");
        (_, JsonElement removed) = await peer.NextPushAsync();
        await peer.ListenAsync(listens: false, "", "a");
        await PublishAsync(server, "a", "three");
        string untold = await peer.ListenAsync("", "b");

        Assert.Equal(("", "a", ""), (same, missed, untold));
        Assert.Equal(("ConfigChangeNotifyRequest", "a", "g", false), (type, push.GetProperty("dataId").GetString(), push.GetProperty("group").GetString(), push.TryGetProperty("tenant", out _)));
        Assert.Equal("a", removed.GetProperty("dataId").GetString());
        Assert.NotEqual(push.GetProperty("requestId").GetString(), removed.GetProperty("requestId").GetString());
        Assert.True(peer.IsSilent);
    }

    [Theory]
    [InlineData("public", "public")]
    [InlineData("dev", "dev")]
    public async Task A_push_names_the_namespace_as_the_client_did(string tenant, string pushed)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        await peer.AskAsync("ConfigBatchListenRequest", $$"""{"configListenContexts":[{"dataId":"a","group":"g","tenant":"{{tenant}}"}]}""");

        await PublishAsync(server, "a", "one", tenant);

        Assert.Equal(pushed, (await peer.NextPushAsync()).Body.GetProperty("tenant").GetString());
    }

    [Fact]
    public async Task A_push_that_is_not_acknowledged_comes_again_after_5_12_and_21_seconds()
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(clock: clock);
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri, acknowledges: false);
        await peer.ListenAsync("", "a");
        await PublishAsync(server, "a", "one");
        List<string?> ids = [(await peer.NextPushAsync()).Body.GetProperty("requestId").GetString()];

        double now = 0;
        foreach (int second in (int[])[5, 12, 21])
        {
            // A health check keeps the connection alive.
            clock.Advance(TimeSpan.FromSeconds(second - 0.5 - now));
            now = second + 1;
            await peer.OutcomeAsync("HealthCheckRequest", "{}");
            Assert.True(peer.IsSilent);
            clock.Advance(TimeSpan.FromSeconds(1.5));
            ids.Add((await peer.NextPushAsync()).Body.GetProperty("requestId").GetString());
        }

        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_silent_client_is_asked_and_dropped_and_one_that_answers_stays()
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(clock: clock);
        using GrpcPeer silent = await GrpcPeer.SetUpAsync(server.GrpcUri, acknowledges: false);
        using GrpcPeer alive = await GrpcPeer.SetUpAsync(server.GrpcUri);

        clock.Advance(TimeSpan.FromSeconds(21));
        string[] asked = [(await silent.NextPushAsync()).Type, (await alive.NextPushAsync()).Type];
        await alive.OutcomeAsync("HealthCheckRequest", "{}");
        clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(["ClientDetectionRequest", "ClientDetectionRequest"], asked);
        Assert.True(await silent.EndsAsync());
        Assert.Equal("ErrorResponse 301", await silent.OutcomeAsync("HealthCheckRequest", "{}"));
        Assert.Equal("HealthCheckResponse 0", await alive.OutcomeAsync("HealthCheckRequest", "{}"));
    }

    [Theory]
    [InlineData("ServerCheckRequest", "{}")]
    [InlineData("NopeRequest", "{}")]
    [InlineData("HealthCheckRequest", "this is not json")]
    public async Task A_request_that_is_not_carried_out_is_no_sign_of_life(string type, string body)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(clock: clock);
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);

        clock.Advance(TimeSpan.FromSeconds(15));
        await peer.OutcomeAsync(type, body);
        clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal("ClientDetectionRequest", (await peer.NextPushAsync()).Type);
    }

    [Fact]
    public async Task A_request_that_is_carried_out_is_a_sign_of_life()
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(clock: clock);
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);

        clock.Advance(TimeSpan.FromSeconds(15));
        await peer.OutcomeAsync("HealthCheckRequest", "{}");
        clock.Advance(TimeSpan.FromSeconds(19));
        await peer.ListenAsync("", "a");
        await PublishAsync(server, "a", "one");

        Assert.Equal("ConfigChangeNotifyRequest", (await peer.NextPushAsync()).Type);
    }

    [Fact]
    public async Task A_change_of_metadata_alone_is_pushed_to_nobody()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.ThreeTwo });
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        await peer.AskAsync("ConfigPublishRequest", """{"dataId":"a","group":"g","content":"one"}""");
        await peer.ListenAsync("", "a", "b");

        RawResponse changed = await RawHttp.SendAsync(server.Uri, "PUT /nacos/v3/admin/cs/config/metadata?dataId=a&groupName=g&desc=new HTTP/1.1");
        await peer.AskAsync("ConfigPublishRequest", """{"dataId":"b","group":"g","content":"one"}""");

        // Pushes come in the order of the changes.
        Assert.Equal((200, "b"), (changed.Status, (await peer.NextPushAsync()).Body.GetProperty("dataId").GetString()));
    }

    [Fact]
    public async Task A_stop_asks_the_clients_to_connect_elsewhere_and_ends_the_streams()
    {
        RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);

        await server.DisposeAsync();

        Assert.Equal("ConnectResetRequest", (await peer.NextPushAsync()).Type);
        Assert.True(await peer.EndsAsync());
    }

    [Fact]
    public async Task A_fuzzy_watch_tells_what_matches_and_what_comes_and_goes()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        for (int n = 0; n < 25; n++) await PublishAsync(server, $"fz.{n:00}", "x");
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);

        await peer.AskAsync("ConfigFuzzyWatchRequest", """{"groupKeyPattern":"public>>g>>fz.*","watchType":"WATCH","initializing":true}""");
        string[] batches = [Batch(await peer.NextPushAsync()), Batch(await peer.NextPushAsync()), Batch(await peer.NextPushAsync())];
        await PublishAsync(server, "fz.new", "x");
        (string type, JsonElement added) = await peer.NextPushAsync();
        await PublishAsync(server, "fz.new", "y");
        await peer.AskAsync("ConfigRemoveRequest", """{"dataId":"fz.new","group":"g"}""");
        (_, JsonElement removed) = await peer.NextPushAsync();
        await peer.AskAsync("ConfigFuzzyWatchRequest", """{"groupKeyPattern":"public>>g>>fz.*","watchType":"WATCH","receivedGroupKeys":["fz.gone+g+public","fz.00+g+public"]}""");
        string[] differences = [Batch(await peer.NextPushAsync()), Batch(await peer.NextPushAsync()), Batch(await peer.NextPushAsync())];

        Assert.Equal(["FUZZY_WATCH_INIT_NOTIFY 20 1/2", "FUZZY_WATCH_INIT_NOTIFY 5 2/2", "FINISH_FUZZY_WATCH_INIT_NOTIFY 0 0/0"], batches);
        Assert.Equal(("ConfigFuzzyWatchChangeNotifyRequest", "fz.new+g+public", "CONFIG_CHANGED"), (type, added.GetProperty("groupKey").GetString(), added.GetProperty("changeType").GetString()));
        Assert.Equal("DELETE_CONFIG", removed.GetProperty("changeType").GetString());
        Assert.Equal(["FUZZY_WATCH_DIFF_SYNC_NOTIFY 20 1/3", "FUZZY_WATCH_DIFF_SYNC_NOTIFY 4 2/3", "FUZZY_WATCH_DIFF_SYNC_NOTIFY 1 3/3"], differences);

        static string Batch((string Type, JsonElement Body) push)
        {
            int count = push.Body.TryGetProperty("contexts", out JsonElement contexts) ? contexts.GetArrayLength() : 0;
            return $"{push.Body.GetProperty("syncType").GetString()} {count} {push.Body.GetProperty("currentBatch").GetInt32()}/{push.Body.GetProperty("totalBatch").GetInt32()}";
        }
    }

    [Fact]
    public async Task All_clients_together_have_twenty_patterns()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer first = await GrpcPeer.SetUpAsync(server.GrpcUri);
        using GrpcPeer second = await GrpcPeer.SetUpAsync(server.GrpcUri);
        for (int n = 0; n < 20; n++) Assert.Equal("ConfigFuzzyWatchResponse 0", await WatchAsync(first, $"public>>g>>p{n}*"));

        string shared = await WatchAsync(second, "public>>g>>p0*");
        string refused = await WatchAsync(second, "public>>g>>more*");
        await first.AskAsync("ConfigFuzzyWatchRequest", """{"groupKeyPattern":"public>>g>>p1*","watchType":"CANCEL_WATCH"}""");
        string taken = await WatchAsync(second, "public>>g>>more*");

        Assert.Equal(("ConfigFuzzyWatchResponse 0", "ConfigFuzzyWatchResponse 50310", "ConfigFuzzyWatchResponse 0"), (shared, refused, taken));

        static Task<string> WatchAsync(GrpcPeer peer, string pattern) =>
            peer.OutcomeAsync("ConfigFuzzyWatchRequest", $$"""{"groupKeyPattern":"{{pattern}}","watchType":"WATCH","initializing":true}""");
    }

    [Theory]
    [InlineData("public>>g>>a.b", "a.b", true)]
    [InlineData("public>>g>>a*", "a.b", true)]
    [InlineData("public>>g>>*b", "a.b", true)]
    [InlineData("public>>*>>*.*", "a.b", true)]
    [InlineData("public>>*>>*", "a.b", true)]
    [InlineData("public>>g>>a*b", "a.b", false)]
    [InlineData("public>>g>>b*", "a.b", false)]
    [InlineData("*>>g>>a.b", "a.b", false)]
    [InlineData(">>g>>a.b", "a.b", false)]
    [InlineData("dev>>g>>a.b", "a.b", false)]
    [InlineData("", "a.b", false)]
    public void A_star_counts_at_the_ends_only(string pattern, string dataId, bool matches) =>
        Assert.Equal(matches, FuzzyPattern.Parse(pattern).Matches(new Acm.Server.Storage.ConfigKey("", "g", dataId)));

    [Fact]
    public async Task The_second_generation_has_no_fuzzy_watch_and_the_first_no_port()
    {
        await using RunningServer two = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.Two });
        await using RunningServer one = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.One });
        await using RunningServer none = await RunningServer.StartAsync(options => options with { NoGrpc = true });
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(two.GrpcUri);

        Assert.Equal("ErrorResponse 302", await peer.OutcomeAsync("ConfigFuzzyWatchRequest", """{"groupKeyPattern":"public>>g>>a*","watchType":"WATCH"}"""));
        Assert.Equal((false, false), (one.HasGrpc, none.HasGrpc));
    }

    [Fact]
    public async Task The_port_is_that_of_http_plus_1000_unless_another_one_is_given()
    {
        await using RunningServer usual = await RunningServer.StartAsync();
        await using RunningServer given = await RunningServer.StartAsync(options => options with { GrpcPort = 0 });

        Assert.Equal(usual.Uri.Port + 1000, usual.GrpcUri.Port);
        Assert.NotEqual(given.Uri.Port + 1000, given.GrpcUri.Port);
        Assert.Equal([usual.Uri], usual.Uris);
        IOException error = await Assert.ThrowsAnyAsync<IOException>(() => RunningServer.StartAsync(options => options with { GrpcPort = usual.GrpcUri.Port }));
        Assert.Contains($"The gRPC port {usual.GrpcUri.Port} cannot be used", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_whose_other_port_is_taken_does_without_unless_it_was_asked_for()
    {
        using var ports = PortPair.Take();
        using var listener = new TcpListener(IPAddress.Loopback, ports.GrpcPort);
        listener.Start();

        await using RunningServer server = await RunningServer.StartAsync(options => options with { Addresses = [ListenAddress.Parse($"http://127.0.0.1:{ports.Port}")] });

        Assert.False(server.HasGrpc);
    }

    [Theory]
    [InlineData("", "ann", "ConfigQueryResponse 403", "ConfigPublishResponse 403", "ConfigChangeBatchListenResponse 403", "ConfigFuzzyWatchResponse 403")]
    [InlineData("reader", "dev", "ConfigQueryResponse 300", "ConfigPublishResponse 403", "ConfigChangeBatchListenResponse 0", "ConfigFuzzyWatchResponse 0")]
    [InlineData("reader", "prod", "ConfigQueryResponse 403", "ConfigPublishResponse 403", "ConfigChangeBatchListenResponse 403", "ConfigFuzzyWatchResponse 403")]
    [InlineData("writer", "dev", "ConfigQueryResponse 300", "ConfigPublishResponse 0", "ConfigChangeBatchListenResponse 0", "ConfigFuzzyWatchResponse 0")]
    public async Task Who_may_not_over_http_may_not_over_grpc(string user, string tenant, string query, string publish, string listen, string fuzzy)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            Users = [UserEntry.Parse("reader=read@dev"), UserEntry.Parse("writer=readwrite@dev")],
            Passwords = new Dictionary<string, string> { ["reader"] = "pw", ["writer"] = "pw" },
        });
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        if (user.Length > 0) peer.Headers["accessToken"] = await LoginAsync(server, user);

        string[] outcomes =
        [
            await peer.OutcomeAsync("ConfigQueryRequest", $$"""{"dataId":"a","group":"g","tenant":"{{tenant}}","namespaceId":"dev"}"""),
            await peer.OutcomeAsync("ConfigPublishRequest", $$"""{"dataId":"a","group":"g","tenant":"{{tenant}}","content":"x"}"""),
            await peer.OutcomeAsync("ConfigBatchListenRequest", $$"""{"tenant":"dev","configListenContexts":[{"dataId":"a","group":"g","tenant":"{{tenant}}"}]}"""),
            await peer.OutcomeAsync("ConfigFuzzyWatchRequest", $$"""{"tenant":"dev","groupKeyPattern":"{{tenant}}>>*>>*","watchType":"WATCH"}"""),
            await peer.OutcomeAsync("HealthCheckRequest", "{}"),
        ];

        Assert.Equal([query, publish, listen, fuzzy, "HealthCheckResponse 0"], outcomes);
    }

    [Fact]
    public async Task A_message_that_is_too_large_and_one_that_is_none_end_with_a_status()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        string content = new('x', (10 * 1024 * 1024) + 1);

        RpcException large = await Assert.ThrowsAsync<RpcException>(() => peer.AskAsync("ConfigPublishRequest", $$"""{"dataId":"a","group":"g","content":"{{content}}"}"""));

        Assert.Equal(StatusCode.ResourceExhausted, large.StatusCode);
        Assert.StartsWith("gRPC message exceeds maximum size 10485760: ", large.Status.Detail, StringComparison.Ordinal);
        Assert.Equal("HealthCheckResponse 0", await peer.OutcomeAsync("HealthCheckRequest", "{}"));
    }

    [Fact]
    public async Task The_end_of_a_stream_ends_the_pushes_and_not_the_requests()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        await peer.ListenAsync("", "a");

        await peer.EndStreamAsync();
        bool ended = await peer.EndsAsync();
        await PublishAsync(server, "a", "one");

        Assert.True(ended);
        Assert.Equal("ConfigQueryResponse 0", await peer.OutcomeAsync("ConfigQueryRequest", """{"dataId":"a","group":"g"}"""));
    }

    [Fact]
    public async Task What_an_unsigned_poll_may_do_over_http_needs_a_signature_over_grpc()
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(options => options with { AccessKey = "ak-test-0001", SecretKey = "sk-test-secret-0001", AllowUnsignedPolls = true }, clock);
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        peer.Headers["Spas-AccessKey"] = "ak-test-0001";
        peer.Headers["timeStamp"] = $"{clock.GetUtcNow().ToUnixTimeMilliseconds()}";

        Assert.Equal("ConfigChangeBatchListenResponse 403", await peer.OutcomeAsync("ConfigBatchListenRequest", """{"configListenContexts":[{"dataId":"a","group":"g"}]}"""));
        Assert.Equal("ConfigFuzzyWatchResponse 403", await peer.OutcomeAsync("ConfigFuzzyWatchRequest", """{"groupKeyPattern":"public>>g>>a*","watchType":"WATCH"}"""));
    }

    [Fact]
    public async Task Nothing_that_is_too_long_is_kept_for_a_listener()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);

        string blanks = await peer.OutcomeAsync("ConfigBatchListenRequest", $$"""{"configListenContexts":[{"dataId":"{{new string(' ', 1025)}}","group":"g"}]}""");
        string pattern = await peer.OutcomeAsync("ConfigFuzzyWatchRequest", $$"""{"groupKeyPattern":"public>>g>>{{new string('x', 1025)}}","watchType":"WATCH"}""");
        string received = await peer.OutcomeAsync("ConfigFuzzyWatchRequest", $$"""{"groupKeyPattern":"","watchType":"WATCH","receivedGroupKeys":["{{new string('x', 1025)}}"]}""");
        string manyReceived = await peer.OutcomeAsync("ConfigFuzzyWatchRequest", $$"""{"groupKeyPattern":"","watchType":"WATCH","receivedGroupKeys":[{{string.Join(",", Enumerable.Repeat("\"x\"", 1001))}}]}""");
        await peer.ListenAsync(new string('a', 33), "a");
        RawResponse listeners = await RawHttp.GetAsync(server.Uri, "/nacos/v3/admin/cs/config/listener?dataId=a&groupName=g");

        Assert.Equal(("ConfigChangeBatchListenResponse 400", "ConfigFuzzyWatchResponse 400"), (blanks, pattern));
        Assert.Equal(("ConfigFuzzyWatchResponse 400", "ConfigFuzzyWatchResponse 400"), (received, manyReceived));
        Assert.Contains("\"127.0.0.1\":\"?\"", Encoding.UTF8.GetString(listeners.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_counts_among_the_polls_of_its_address()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxConnectionsPerIp = 1 });
        using GrpcPeer first = await GrpcPeer.SetUpAsync(server.GrpcUri);
        using GrpcPeer second = GrpcPeer.Connect(server.GrpcUri);

        await Assert.ThrowsAsync<RpcException>(() => second.AskAsync("ServerCheckRequest", "{}"));
        Assert.Equal("HealthCheckResponse 0", await first.OutcomeAsync("HealthCheckRequest", "{}"));
    }

    [Fact]
    public async Task A_stream_without_a_set_up_ends_after_20_seconds()
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(clock: clock);
        using GrpcPeer peer = GrpcPeer.Connect(server.GrpcUri);
        await peer.SetUpAsync("{}", "HealthCheckRequest");

        Assert.True(await AdvanceUntilAsync(clock, TimeSpan.FromSeconds(20), peer.EndsAsync()));
    }

    [Fact]
    public async Task A_second_stream_of_a_connection_ends_the_first()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);

        await peer.SetUpAsync("{}");

        Assert.True(await peer.EndsAsync());
    }

    [Fact]
    public void Set_ups_that_come_again_wait_for_one_acknowledgement_and_what_is_no_text_acknowledges_nothing()
    {
        using var store = new StoreInMemory();
        using var connections = new GrpcConnections(store.Store, new PollLimit(0, 1), Generation.Three, TimeProvider.System);
        var connection = new GrpcConnection(connections, new IPEndPoint(IPAddress.Loopback, 1), "127.0.0.1");
        var endpoint = new GrpcEndpoint(null!, connections, NullLogger.Instance);
        var stream = new PushStream();

        for (int n = 0; n < 3; n++) Receive("ConnectionSetupRequest", """{"abilityTable":{}}""");
        Receive("AnyResponse", """{"requestId":"\ud800"}""");

        Assert.Equal(1, stream.Waiting);

        void Receive(string type, string body) => endpoint.Receive(connection, stream, NacosPayload.Write(new NacosPayload(type, Encoding.UTF8.GetBytes(body))));
    }

    [Fact]
    public void Who_acknowledges_nothing_is_too_slow_in_the_end()
    {
        using var store = new StoreInMemory();
        using var connections = new GrpcConnections(store.Store, new PollLimit(0, 1), Generation.Three, TimeProvider.System);
        var connection = new GrpcConnection(connections, new IPEndPoint(IPAddress.Loopback, 1), "127.0.0.1");
        var stream = new PushStream();
        connection.Register(stream);

        for (int n = 0; n < GrpcConnections.MaxKeysPerConnection + 1_000; n++) connection.Write(new FixedPush("Any", wantsAcknowledgement: true, static _ => { }));
        GrpcStatus before = stream.Status;
        connection.Write(new FixedPush("Any", wantsAcknowledgement: true, static _ => { }));

        Assert.Equal((GrpcStatus.Ok, GrpcStatus.TooSlow), (before, stream.Status));
    }

    [Fact]
    public void Of_keys_for_patterns_a_connection_holds_so_many_and_those_that_are_acknowledged_make_room()
    {
        using var store = new StoreInMemory();
        using var connections = new GrpcConnections(store.Store, new PollLimit(0, 1), Generation.Three, TimeProvider.System);
        var connection = new GrpcConnection(connections, new IPEndPoint(IPAddress.Loopback, 1), "127.0.0.1");
        var stream = new PushStream();
        connection.Register(stream);
        var first = new FixedPush("Any", wantsAcknowledgement: true, static _ => { }) { Keys = 20_000 };

        connection.Enqueue(first);
        connection.Write(first);
        connection.Acknowledge(first.RequestId);
        connection.Enqueue(new FixedPush("Any", wantsAcknowledgement: true, static _ => { }) { Keys = 20_000 });
        GrpcStatus full = stream.Status;
        connection.Enqueue(new FixedPush("Any", wantsAcknowledgement: true, static _ => { }) { Keys = 1 });

        Assert.Equal((GrpcStatus.Ok, GrpcStatus.TooSlow), (full, stream.Status));
    }

    [Fact]
    public async Task What_waits_in_a_stream_that_ends_is_sent_on_the_next_one()
    {
        using var store = new StoreInMemory();
        var clock = new FakeTimeProvider();
        using var connections = new GrpcConnections(store.Store, new PollLimit(0, 1), Generation.Three, clock);
        var connection = new GrpcConnection(connections, new IPEndPoint(IPAddress.Loopback, 1), "127.0.0.1");
        (PushStream first, PushStream second, PushStream third) = (new PushStream(), new PushStream(), new PushStream());
        (Push waiting, Push late, Push between) = (Key(), Key(), Key());

        // It waits in the queue of the first stream.
        connection.Register(first);
        connection.Enqueue(waiting);
        connection.Register(second);
        int moved = second.Waiting;

        // The client resets the second before it has read.
        connection.Enqueue(late);
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await second.SendAsync(connection, System.IO.Pipelines.PipeWriter.Create(Stream.Null), gone.Token);
        connection.Enqueue(between);
        connection.Register(third);
        connection.Detach(second);
        clock.Advance(TimeSpan.FromSeconds(5));
        connection.Sweep();

        Assert.Equal((1, 3), (moved, third.Waiting));

        static FixedPush Key() => new("Any", wantsAcknowledgement: true, static _ => { });
    }

    [Fact]
    public async Task A_stop_waits_for_a_client_until_it_acknowledges_or_closes_the_connection()
    {
        using var store = new StoreInMemory();
        using var connections = new GrpcConnections(store.Store, new PollLimit(0, 1), Generation.Three, TimeProvider.System) { ResetTime = Timeout.InfiniteTimeSpan };
        var connection = new GrpcConnection(connections, new IPEndPoint(IPAddress.Loopback, 1), "127.0.0.1");
        var stream = new PushStream();
        connection.Register(stream);

        Task ended = connection.EndAsync(GrpcStatus.Stopping);
        bool waits = !ended.IsCompleted;
        connection.Close();
        await ended.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);

        Assert.True(waits);
        Assert.Equal(GrpcStatus.Stopping, stream.Status);
    }

    [Fact]
    public void A_disk_that_fails_in_a_listen_leaves_no_key_counted_that_is_not_listened_to()
    {
        using var store = new StoreInMemory();
        using var connections = new GrpcConnections(store.Store, new PollLimit(0, 1), Generation.Three, TimeProvider.System);
        var connection = new GrpcConnection(connections, new IPEndPoint(IPAddress.Loopback, 1), "127.0.0.1");

        Assert.Throws<StorageException>(() => connection.Listen(new FailingList([Item("a"), Item("b"), Item("c")], failsAt: 1)));
        int afterFailure = connections.Keys;
        connection.Listen([Item("a") with { Tenant = "other" }, Item("b")]);
        int after = connections.Keys;
        connection.Close();

        Assert.Equal((1, 2, 0), (afterFailure, after, connections.Keys));

        static ListenItem Item(string id) => new(new ConfigKey("", "g", id), "", HasTenant: true, "");
    }

    [Fact]
    public async Task Large_answers_that_nobody_takes_are_few_and_make_room()
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(clock: clock);
        await PublishAsync(server, "large", new string('x', 1024 * 1024));
        await PublishAsync(server, "small", "x");
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = false }) { BaseAddress = server.GrpcUri, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using (HttpResponseMessage setUp = await CallAsync("/BiRequestStream/requestBiStream", "ConnectionSetupRequest", "{}")) await setUp.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        var held = new List<HttpResponseMessage>();
        for (int i = 0; i < LargeAnswers.MaxAtOnce; i++) held.Add(await QueryAsync("large"));
        Task<HttpResponseMessage> oneMore = QueryAsync("large");
        using HttpResponseMessage small = await QueryAsync("small");
        bool waited = !oneMore.IsCompleted;
        using HttpResponseMessage last = await AdvanceUntilAsync(clock, LargeAnswers.Patience, oneMore);
        Assert.True(waited);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        Assert.Contains(held, response => response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).WaitAsync(Clients.Deadline).ContinueWith(read => read.IsFaulted, TaskScheduler.Default).GetAwaiter().GetResult());
        held.ForEach(response => response.Dispose());

        Task<HttpResponseMessage> QueryAsync(string id) => CallAsync("/Request/request", "ConfigQueryRequest", $$"""{"dataId":"{{id}}","group":"g"}""");

        async Task<HttpResponseMessage> CallAsync(string path, string type, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(Payload.Frame(type, Encoding.UTF8.GetBytes(body), "")) };
            request.Content.Headers.ContentType = new("application/grpc");
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).WaitAsync(Clients.Deadline);
        }
    }

    [Theory]
    [InlineData("PUBLIC")]
    [InlineData("null")]
    public async Task The_second_generation_takes_two_more_names_for_the_public_namespace(string tenant)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            NacosGeneration = Generation.Two,
            Users = [UserEntry.Parse("writer=readwrite@public")],
            Passwords = new Dictionary<string, string> { ["writer"] = "pw" },
        });
        using GrpcPeer peer = await GrpcPeer.SetUpAsync(server.GrpcUri);
        peer.Headers["accessToken"] = await LoginAsync(server, "writer");

        string published = await peer.OutcomeAsync("ConfigPublishRequest", $$"""{"dataId":"a","group":"g","tenant":"{{tenant}}","content":"x"}""");
        string[] read = [await peer.OutcomeAsync("ConfigQueryRequest", """{"dataId":"a","group":"g"}"""), await peer.OutcomeAsync("ConfigQueryRequest", $$"""{"dataId":"a","group":"g","tenant":"{{tenant}}"}""")];
        string removed = await peer.OutcomeAsync("ConfigRemoveRequest", $$"""{"dataId":"a","group":"g","tenant":"{{tenant}}"}""");

        Assert.Equal(["ConfigPublishResponse 0", "ConfigQueryResponse 0", "ConfigQueryResponse 0", "ConfigRemoveResponse 0"], [published, .. read, removed]);
    }

    [Fact]
    public async Task A_port_that_is_given_for_http_is_none_for_grpc()
    {
        using var ports = PortPair.Take();

        await using RunningServer server = await RunningServer.StartAsync(options => options with { Addresses = [ListenAddress.Parse($"http://127.0.0.1:{ports.Port}"), ListenAddress.Parse($"http://127.0.0.1:{ports.GrpcPort}")] });

        Assert.Equal([ports.Port, ports.GrpcPort], server.Uris.Select(uri => uri.Port).Order());
    }

    /// <summary>Advances a clock, again and again because the server may not have started to wait yet, until a task has completed.</summary>
    private static async Task<T> AdvanceUntilAsync<T>(FakeTimeProvider clock, TimeSpan step, Task<T> task)
    {
        await Polling.UntilAsync(() =>
        {
            if (task.IsCompleted) return true;

            clock.Advance(step);
            return false;
        });
        return await task;
    }

    private static Task<RawResponse> PublishAsync(RunningServer server, string dataId, string content, string tenant = "") =>
        RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", $"dataId={dataId}&group=g&tenant={tenant}&content={content}", "Content-Type: application/x-www-form-urlencoded");

    private static async Task<string> LoginAsync(RunningServer server, string user)
    {
        RawResponse answer = await RawHttp.PostAsync(server.Uri, "/nacos/v1/auth/login", $"username={user}&password=pw", "Content-Type: application/x-www-form-urlencoded");
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty("accessToken").GetString()!;
    }

    /// <summary>Returns items of which one throws, as if its value could not be read.</summary>
    private sealed class FailingList(IReadOnlyList<ListenItem> items, int failsAt) : IReadOnlyList<ListenItem>
    {
        private int _rounds;

        public int Count => items.Count;

        public ListenItem this[int index] => items[index];

        // The first round counts them.
        public IEnumerator<ListenItem> GetEnumerator()
        {
            int round = _rounds++;
            return items.Select((item, i) => round == 0 || i < failsAt ? item : throw new StorageException("The disk failed.")).GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
