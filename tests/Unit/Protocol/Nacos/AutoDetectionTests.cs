using System.Text;
using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.Local;
using Acm.Client.Protocol;
using Acm.Tests.Local;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>A connection without a server type detects it with its first call, with at most two requests for Nacos and three for ACM.</summary>
public sealed class AutoDetectionTests
{
    private static readonly ConfigKey Key = new("app.yaml");

    private static readonly AcmCredential User = new("ops", "pw-canary-ops");

    [Theory]
    [InlineData("1.4.8", "1", 2)]
    [InlineData("2.5.1", "2", 2)]
    [InlineData("3.0.3", "3", 1)]
    [InlineData("3.2.0", "3.2", 1)]
    public async Task Each_generation_is_found_once(string version, string generation, int requests)
    {
        await using ScriptedServer server = ScriptedNacos.Start(version, Missing);
        using AcmClient client = Connect(server);

        string before = client.Capabilities.Protocol;
        for (int i = 0; i < 3; i++) await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal("Auto", before);
        Assert.Equal(requests, server.Requests.Count(IsState));
        Assert.Equal((AcmServerType.Nacos, "Nacos", version, generation), (client.ServerType, client.Capabilities.Protocol, client.Capabilities.ServerVersion, client.Capabilities.Generation));
    }

    [Fact]
    public async Task Many_calls_at_once_ask_once()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", Missing);
        using AcmClient client = Connect(server);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Clients.FailsAsync(client.GetAsync(new ConfigKey("k" + i)))));

        Assert.Equal(2, server.Requests.Count(IsState));
    }

    [Fact]
    public async Task A_server_without_both_calls_is_ACM_and_its_content_is_GBK()
    {
        await using var server = new ScriptedServer(request => IsState(request) ? ScriptedReply.Status(404) : request.IsGet ? ScriptedReply.Content([0xC4, 0xE3]) : ScriptedReply.Ok);
        using AcmClient client = Connect(server, new AcmCredential("ak", "sk-canary"));

        await Clients.InTime(client.PublishAsync(Key, "你"));
        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        ScriptedRequest publish = server.Requests.Single(request => request.IsPublish);
        Assert.Contains("%C4%E3", publish.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Spas-Signature", publish.Headers.Keys);
        Assert.Equal("你", config.Content);
        Assert.Equal(2, server.Requests.Count(IsState));
        Assert.Equal((AcmServerType.Acm, "ACM"), (client.ServerType, client.Capabilities.Protocol));
    }

    [Theory]
    [InlineData("text/plain", "404 page not found\n")]
    [InlineData("text/plain", "default backend - 404")]
    [InlineData("text/html", "<html>error</html>")]
    [InlineData("application/json", "{\"timestamp\":\"2024-01-01T00:00:00.000+00:00\",\"status\":404,\"error\":\"Not Found\",\"path\":\"/\"}")]
    [InlineData("text/plain", "")]
    public async Task A_server_that_says_404_to_everything_is_not_taken_for_ACM_and_is_sent_no_key(string type, string body)
    {
        using var folder = new TemporaryFolder();
        await using var server = ScriptedServer.Always(ScriptedReply.Text(404, type, body));
        using AcmClient client = Clients.With(Clients.Options(server) with { ServerType = AcmServerType.Auto, TryTimeout = Clients.Deadline, Credential = User, NoSnapshot = false, SnapshotPath = folder.Path });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal((AcmErrorKind.CapabilityMissing, nameof(AcmClientOptions.ServerType)), (error.Kind, error.Option));
        Assert.Null(client.ServerType);
        Assert.Null(new ServerMemory(folder.Path, Clients.Options(server).Endpoint).ServerType);
        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.DoesNotContain(request.Headers.Keys, name => name.StartsWith("Spas-", StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData(404, "config data not exist\n", true)]
    [InlineData(403, "403 error\n", true)]
    [InlineData(401, "who are you?\n", true)]
    [InlineData(403, "<html>blocked</html>", false)]
    [InlineData(200, "welcome", false)]
    public async Task A_server_without_both_calls_is_ACM_where_it_answers_a_read_as_ACM_does(int status, string body, bool isAcm)
    {
        await using var server = new ScriptedServer(request => IsState(request) ? ScriptedReply.Status(404) : ScriptedReply.Text(status, "text/html;charset=GBK", body));
        using AcmClient client = Connect(server, User);

        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(isAcm ? AcmServerType.Acm : null, client.ServerType);
    }

    [Fact]
    public async Task What_was_ACM_and_answers_404_as_a_gateway_does_says_nothing_of_a_configuration()
    {
        bool isAway = false;
        await using var server = new ScriptedServer(request => isAway ? ScriptedReply.Text(404, "text/plain", "404 page not found") : IsState(request) ? ScriptedReply.Status(404) : ScriptedReply.Missing);
        using AcmClient client = Connect(server);
        AcmException before = await Clients.FailsAsync(client.GetAsync(Key));
        isAway = true;

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal((AcmErrorKind.ConfigNotFound, AcmErrorKind.InvalidResponse), (before.Kind, error.Kind));
        Assert.Equal(AcmServerType.Acm, client.ServerType);
    }

    // An unconditional publish detects the type when it is sent, the others when they read the stored value.
    [Theory]
    [InlineData("publish")]
    [InlineData("create")]
    [InlineData("remove")]
    public async Task A_write_that_was_prepared_for_ACM_goes_to_no_Nacos(string what)
    {
        bool isNacos = false;
        await using var server = new ScriptedServer(request => isNacos ? AsNacos(request) : IsState(request) ? ScriptedReply.Status(404) : ScriptedReply.Missing);
        using AcmClient client = Connect(server);
        await Clients.FailsAsync(client.GetAsync(Key));
        isNacos = true;

        AcmException error = await Clients.FailsAsync(WriteAsync(createsOnly: what == "create"));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("Nothing was written", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, IsNacosWrite);
        Assert.Equal(AcmServerType.Nacos, client.ServerType);

        await WriteAsync(createsOnly: false).WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);

        ScriptedRequest write = Assert.Single(server.Requests, IsNacosWrite);
        if (what != "remove") Assert.Contains("%E4%BD%A0", write.Body, StringComparison.OrdinalIgnoreCase);

        Task WriteAsync(bool createsOnly) => what == "remove" ? client.RemoveAsync(Key) : client.PublishAsync(Key, "你", new PublishOptions { CreateOnly = createsOnly });
    }

    [Fact]
    public async Task A_link_that_was_opened_to_ACM_is_opened_anew_to_a_Nacos_and_stays_anonymous()
    {
        bool isNacos = false;
        await using var server = new ScriptedServer(request => isNacos ? AsNacos(request) : IsState(request) ? ScriptedReply.Status(404) : ScriptedReply.Missing);
        using var connection = new AcmConnection(Clients.Options(server) with { ServerType = AcmServerType.Auto, TryTimeout = Clients.Deadline, Credential = User }, TimeProvider.System, () => 0, dialect: null);
        ServerOperation<ServerRead> read = connection.Protocol.Get("", Key);
        await connection.FindDialectAsync(call: null, TestContext.Current.CancellationToken);
        IServerLink link = connection.Links.OpenAnonymous(connection.Pool.Directory.Servers.InUse!, new CallLog(null, null));
        isNacos = true;

        ServerRead first = await Clients.InTime(read.RunAsync(link, TestContext.Current.CancellationToken));
        ServerRead second = await Clients.InTime(read.RunAsync(link, TestContext.Current.CancellationToken));

        Assert.Equal((AcmServerType.Nacos, null, null), (connection.ServerType, first.Value, second.Value));
        Assert.DoesNotContain(server.Requests, ScriptedNacos.IsLogin);
    }

    [Theory]
    [InlineData(401, "3")]
    [InlineData(403, "3")]
    public async Task A_refusal_in_the_shape_of_Nacos_is_Nacos(int status, string generation)
    {
        await using var server = new ScriptedServer(request => IsState(request) ? Page(status, request) : Missing(request));
        using AcmClient client = Connect(server);

        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal((AcmServerType.Nacos, generation), (client.ServerType, client.Capabilities.Generation));
        Assert.Single(server.Requests, IsState);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(200)]
    [InlineData(302)]
    public async Task What_a_gateway_hides_can_not_be_told_and_the_error_names_the_option(int status)
    {
        await using var server = new ScriptedServer(request => IsState(request) ? ScriptedReply.Status(status) : Missing(request));
        using AcmClient client = Connect(server);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.CapabilityMissing, error.Kind);
        Assert.Equal(nameof(AcmClientOptions.ServerType), error.Option);
        Assert.Equal(2, server.Requests.Count);
    }

    // With server type Nacos, client calls detect the version.
    [Theory]
    [InlineData(404, "3")]
    [InlineData(403, "2")]
    public async Task A_gateway_that_hides_both_states_is_seen_through_where_the_type_is_given(int status, string generation)
    {
        await using var server = new ScriptedServer(request => IsState(request) ? ScriptedReply.Status(status)
            : request.Target.Contains("/v3/client/", StringComparison.Ordinal) ? generation == "3" ? ScriptedNacos.Json(200, """{"code":20004,"message":"resource not found","data":"config data not exist"}""") : ScriptedReply.Status(404)
            : Missing(request));
        using AcmClient client = ScriptedNacos.Connect(server);

        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(generation, client.Capabilities.Generation);
    }

    [Fact]
    public async Task A_server_that_was_upgraded_is_found_again_within_the_call()
    {
        string version = "2.5.1";
        await using var server = new ScriptedServer(request => request.Target switch
        {
            "/nacos/v3/admin/core/state" => version[0] == '3' ? State(version) : ScriptedReply.Status(404),
            "/nacos/v1/console/server/state" => version[0] == '3' ? Page(410, request) : ScriptedNacos.Json(200, $$"""{"version":"{{version}}"}"""),
            _ when request.Target.Contains("/v3/client/", StringComparison.Ordinal) => version[0] == '3' ? ScriptedNacos.Json(200, """{"code":0,"message":"success","data":{"content":"new"}}""") : ScriptedReply.Status(404),
            _ when version[0] == '3' => Page(404, request),
            _ => ScriptedReply.Raw(200, "Content-MD5: 149603e6c03516362a8da23f624db945\r\nContent-Type: text/plain", Encoding.ASCII.GetBytes("old")),
        });
        using AcmClient client = Connect(server);

        AcmConfig before = await Clients.InTime(client.GetAsync(Key));
        version = "3.2.0";
        AcmConfig after = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(("old", "new", "3.2"), (before.Content, after.Content, client.Capabilities.Generation));
    }

    [Fact]
    public async Task A_server_that_fails_is_not_taken_for_ACM_and_the_next_one_tells()
    {
        await using var broken = ScriptedServer.Always(ScriptedReply.Status(500));
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", Missing);
        using AcmClient client = Clients.With(Clients.Options(broken, server) with { ServerType = AcmServerType.Auto, TryTimeout = Clients.Deadline });

        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmServerType.Nacos, client.ServerType);
    }

    [Fact]
    public async Task What_was_found_is_kept_beside_the_snapshots_and_these_answer_while_all_servers_are_down()
    {
        using var folder = new TemporaryFolder();
        AcmClientOptions options;
        await using (var server = new ScriptedServer(request => IsState(request) ? ScriptedReply.Status(404) : ScriptedReply.Content([0xC4, 0xE3])))
        {
            options = Clients.Options(server) with { ServerType = AcmServerType.Auto, NoSnapshot = false, SnapshotPath = folder.Path };
            using AcmClient first = Clients.With(options);
            await Clients.InTime(first.GetAsync(Key));
        }

        using AcmClient second = Clients.With(options, new PauselessClock());
        AcmConfig config = await Clients.InTime(second.GetAsync(Key));

        Assert.Equal(("你", ConfigSource.Snapshot), (config.Content, config.Source));
        Assert.Equal((AcmServerType.Acm, "ACM"), (second.ServerType, second.Capabilities.Protocol));
        Assert.DoesNotContain(new SnapshotFolder(folder.Path).List(), snapshot => !snapshot.Key.Equals(Key));
    }

    [Theory]
    [MemberData(nameof(NacosServers.Generations), MemberType = typeof(NacosServers))]
    public async Task Our_own_server_is_found_read_written_and_watched(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = Clients.With(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, ServerType = AcmServerType.Auto, NoSnapshot = true, TryTimeout = Clients.Deadline });
        var seen = System.Threading.Channels.Channel.CreateUnbounded<ConfigChange>();
        using ConfigWatcher watcher = client.Watch([Key], (change, token) => seen.Writer.WriteAsync(change, token));

        await Clients.InTime(client.PublishAsync(Key, "a: 1"));
        ConfigChange change;
        do change = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
        while (change.Content is null);

        Assert.Equal("a: 1", change.Content);
        Assert.Equal("Nacos", client.Capabilities.Protocol);
    }

    // Endpoints only exist in ACM; the error for a Nacos endpoint explains what to use instead.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_endpoint_that_is_a_Nacos_is_told_as_such(bool isDirect)
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", _ => ScriptedReply.Text(404, "text/html", "<!doctype html><title>HTTP Status 404 – Not Found</title>"));
        using AcmClient client = Clients.With(Clients.Options(server) with { Direct = isDirect }, new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));
        AcmException again = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal((AcmErrorKind.CapabilityMissing, AcmErrorKind.CapabilityMissing), (error.Kind, again.Kind));
        Assert.Contains("is a Nacos server (version 2.5.1)", error.Message, StringComparison.Ordinal);
        Assert.Equal(nameof(AcmClientOptions.Endpoint), error.Option);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_say_what_it_is_leaves_the_error_as_it_was()
    {
        var clock = new PauselessClock();
        await using var server = new ScriptedServer(Answer);
        using AcmClient client = Clients.With(Clients.Options(server) with { TryTimeout = TimeSpan.FromSeconds(2) }, clock);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.NotEqual(AcmErrorKind.Timeout, error.Kind);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
        Assert.Contains(server.Requests, request => request.Target.StartsWith("/nacos/", StringComparison.Ordinal));

        ScriptedReply Answer(ScriptedRequest request)
        {
            if (!request.Target.StartsWith("/nacos/", StringComparison.Ordinal)) return ScriptedReply.Text(404, "text/html", "<!doctype html><title>HTTP Status 404 – Not Found</title>");

            clock.Advance(TimeSpan.FromSeconds(2));
            return ScriptedReply.Hang;
        }
    }

    [Fact]
    public async Task The_address_server_of_Nacos_has_a_path_of_its_own_and_its_lines_the_port_of_Nacos()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", Missing);
        await using var address = new ScriptedServer(request => ScriptedReply.Text(200, "text/plain", request.Target == "/nacos/blue" ? "127.0.0.2\n" : server.Address + "\n"));
        using AcmClient client = Clients.With(Options(address));
        using AcmClient cluster = Clients.With(Options(address) with { UnitName = "blue" }, new PauselessClock());

        await Clients.FailsAsync(client.GetAsync(Key));
        await Clients.FailsAsync(cluster.GetAsync(Key));

        Assert.Equal(["/nacos/serverlist", "/nacos/blue"], address.Requests.Select(request => request.Target));
        Assert.Equal(["127.0.0.2:8848"], cluster.KnownServers);

        static AcmClientOptions Options(ScriptedServer address) => new() { Endpoint = address.Address, ServerType = AcmServerType.Nacos, NoSnapshot = true };
    }

    [Fact]
    public async Task A_context_path_of_its_own_is_in_every_request()
    {
        await using var server = new ScriptedServer(request => request.Target.StartsWith("/config/center/v1/console", StringComparison.Ordinal) ? ScriptedNacos.Json(200, """{"version":"2.5.1"}""")
            : ScriptedNacos.IsLogin(request) ? ScriptedNacos.Json(200, """{"accessToken":"token","tokenTtl":18000}""")
            : request.Target.Contains("/v3/", StringComparison.Ordinal) ? ScriptedReply.Status(404) : Missing(request));
        using AcmClient client = Clients.With(new AcmClientOptions { Endpoint = $"http://{server.Address}/config/center", Direct = true, ServerType = AcmServerType.Auto, NoSnapshot = true, Credential = User });

        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.All(server.Requests, request => Assert.StartsWith("/config/center/v", request.Target, StringComparison.Ordinal));
        Assert.Contains(server.Requests, ScriptedNacos.IsLogin);
    }

    [Fact]
    public async Task Access_keys_sign_and_are_never_a_password()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", Missing);
        using AcmClient client = Clients.With(Clients.Options(server) with { ServerType = AcmServerType.Auto, UsesAccessKeys = true, Credential = new AcmCredential("ak-1", "sk-canary-1", "sts-canary-1"), SignatureRegion = "cn-hangzhou" });

        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.DoesNotContain(server.Requests, ScriptedNacos.IsLogin);
        Assert.All(server.Requests, request => Assert.DoesNotContain("sk-canary-1", $"{request.Target} {request.Body} {string.Join(' ', request.Headers.Values)}", StringComparison.Ordinal));
        ScriptedRequest get = server.Requests.First(request => request.Target.Contains("/v1/cs/configs", StringComparison.Ordinal));
        Assert.Equal(("ak-1", "sts-canary-1", "v4"), (get.Headers["Spas-AccessKey"], get.Headers["Spas-SecurityToken"], get.Headers["signatureVersion"]));
        Assert.All(server.Requests.Where(IsState), request => Assert.DoesNotContain("Spas-AccessKey", request.Headers.Keys));
    }

    [Fact]
    public async Task The_identity_of_servers_takes_the_place_of_a_login_and_is_in_no_log()
    {
        var log = new RecordingLog(AcmLogLevel.Debug);
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => request.Headers.GetValueOrDefault("X-Id") == "id-canary-1" ? Missing(request) : Page(403, request));
        using AcmClient client = Clients.With(Clients.Options(server) with { ServerType = AcmServerType.Nacos, Credential = User, Identity = new AcmServerIdentity("X-Id", "id-canary-1"), Log = log });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.ConfigNotFound, error.Kind);
        Assert.DoesNotContain(server.Requests, ScriptedNacos.IsLogin);
        Assert.DoesNotContain("id-canary-1", string.Join("\n", log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("id-canary-1", client.Options.ToString(), StringComparison.Ordinal);
    }

    private static AcmClient Connect(ScriptedServer server, AcmCredential? user = null) =>
        Clients.With(Clients.Options(server) with { ServerType = AcmServerType.Auto, TryTimeout = Clients.Deadline, Credential = user });

    private static bool IsState(ScriptedRequest request) => request.Target.EndsWith("/state", StringComparison.Ordinal);

    private static ScriptedReply State(string version) => ScriptedNacos.Json(200, $$$"""{"code":0,"message":"success","data":{"version":"{{{version}}}"}}""");

    private static ScriptedReply Page(int status, ScriptedRequest request) =>
        ScriptedNacos.Json(status, $$"""{"timestamp":"2024-01-01T00:00:00.000+00:00","status":{{status}},"error":"x","message":"x","path":"{{request.Target.Split('?')[0]}}"}""");

    /// <summary>Returns the responses of an empty Nacos 2.5.1 that accepts every write, at the address of an ACM server.</summary>
    private static ScriptedReply AsNacos(ScriptedRequest request) =>
        request.Target.StartsWith("/diamond-server/", StringComparison.Ordinal) ? Page(404, request)
        : request.Target.EndsWith("/v1/console/server/state", StringComparison.Ordinal) ? ScriptedNacos.Json(200, """{"version":"2.5.1"}""")
        : IsState(request) ? ScriptedReply.Status(404)
        : ScriptedNacos.IsLogin(request) ? ScriptedNacos.Json(200, """{"accessToken":"token","tokenTtl":18000}""")
        : IsNacosWrite(request) ? ScriptedReply.Text(200, "text/plain", "true")
        : Missing(request);

    private static bool IsNacosWrite(ScriptedRequest request) => request.Method != "GET" && request.Target.StartsWith("/nacos/v1/cs/configs", StringComparison.Ordinal);

    /// <summary>Returns the "not found" response of each call.</summary>
    private static ScriptedReply Missing(ScriptedRequest request) =>
        request.Target.Contains("/v3/", StringComparison.Ordinal) ? ScriptedNacos.Json(404, """{"code":20004,"message":"resource not found","data":"config data not exist"}""")
        : request.Target.Contains("show=all", StringComparison.Ordinal) ? ScriptedNacos.Json(200, "")
        : ScriptedReply.Text(404, "application/json", "config data not exist");
}
