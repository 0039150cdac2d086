using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Acm.Client;
using Acm.Client.Http;
using Acm.Client.Protocol.Nacos;
using Acm.Client.Protocol.Nacos.Push;
using Acm.Server.Dialects.Nacos;
using Acm.Server.Options;
using Acm.Tests.Server;
using Acm.Tests.Servers;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>Push over gRPC with TLS, signatures, error codes and several servers.</summary>
public sealed class GrpcServersTests
{
    private static readonly ConfigKey Key = new("app.yml");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1", null, true)]
    [InlineData("nacos.example", "nacos.example", true)]
    [InlineData("nacos.example", null, false)]
    [InlineData("127.0.0.1", "nacos.example", true)]
    [InlineData("other.example", "nacos.example", false)]
    public async Task A_server_with_TLS_pushes_to_a_client_that_trusts_its_certificate(string certified, string? tlsServerName, bool isTrusted)
    {
        using var files = new TemporaryFiles();
        using var authority = new TestAuthority("Test CA");
        using X509Certificate2 certificate = authority.Issue([certified]);
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        string ca = Write(files, "ca.pem", authority.Certificate.ExportCertificatePem());
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            Addresses = [ListenAddress.Parse("https://127.0.0.1:0")],
            Certificate = Write(files, "server.pem", certificate.ExportCertificatePem()),
            CertificateKey = Write(files, "server.key", key.ExportPkcs8PrivateKeyPem()),
        });
        using AcmClient client = Connect(server.Uri.Authority, options => options with { UseTls = true, CaCertificatePath = ca, TlsServerName = tlsServerName });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync, new WatchOptions { Transport = AcmWatchTransport.Grpc });

        if (!isTrusted)
        {
            WatchedKey failing = await Clients.StatusAsync(watcher, status => status.State == WatchState.BackingOff);
            Assert.Contains("certificate", failing.LastError, StringComparison.OrdinalIgnoreCase);
            return;
        }

        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        await log.NextAsync(change => change.Content == "one");
        WatchedKey status = await Clients.StatusAsync(watcher, status => status is { State: WatchState.Watching, Transport: AcmWatchTransport.Grpc });
        Assert.Equal($"127.0.0.1:{server.GrpcUri.Port}", status.Server);
    }

    [Theory]
    [InlineData("sk", true)]
    [InlineData("wrong", false)]
    public async Task A_server_that_checks_signatures_pushes_to_a_client_that_signs(string secretKey, bool isRight)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { AccessKey = "ak", SecretKey = "sk" });
        using AcmClient client = Connect(server.Uri.Authority, options => options with { UsesAccessKeys = true, Credential = new AcmCredential("ak", secretKey), Namespace = "dev" });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync, new WatchOptions { Transport = AcmWatchTransport.Grpc });

        if (!isRight)
        {
            WatchedKey failing = await Clients.StatusAsync(watcher, status => status.State == WatchState.BackingOff);
            Assert.Contains("denied", failing.LastError, StringComparison.Ordinal);
            return;
        }

        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);
        await log.NextAsync(change => change.Content == "one");
        await Clients.StatusAsync(watcher, status => status is { State: WatchState.Watching, Transport: AcmWatchTransport.Grpc });
    }

    [Fact]
    public async Task A_user_whose_keys_sign_publishes_over_gRPC()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.ThreeTwo, AccessKey = "ak", SecretKey = "sk" });
        using AcmClient client = Connect(server.Uri.Authority, options => options with { UsesAccessKeys = true, Credential = new AcmCredential("ak", "sk"), Namespace = "dev" });

        await client.PublishAsync(Key, "one", cancellationToken: Cancelled);

        Assert.Equal("one", (await client.GetAsync(Key, cancellationToken: Cancelled)).Content);
    }

    [Fact]
    public async Task When_a_server_ends_the_next_one_tells_what_changed_meanwhile_and_nothing_twice()
    {
        await using RunningServer first = await RunningServer.StartAsync();
        await using RunningServer second = await RunningServer.StartAsync();
        foreach (RunningServer server in (RunningServer[])[first, second]) await PublishAsync(server, "1");
        using AcmClient client = Connect($"{first.Uri.Authority},{second.Uri.Authority}");
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "1");
        WatchedKey before = await Clients.StatusAsync(watcher, status => status is { Transport: AcmWatchTransport.Grpc, LastContact: not null });
        (RunningServer used, RunningServer other) = before.Server == $"127.0.0.1:{first.GrpcUri.Port}" ? (first, second) : (second, first);

        await PublishAsync(other, "2");
        await used.DisposeAsync();
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "2");
        await PublishAsync(other, "3");
        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "3");

        WatchedKey after = await Clients.StatusAsync(watcher, status => status is { State: WatchState.Watching, Transport: AcmWatchTransport.Grpc });
        Assert.Equal($"127.0.0.1:{other.GrpcUri.Port}", after.Server);
        Assert.Equal(3, log.All.Count);
    }

    [Theory]
    [InlineData(300, AcmErrorKind.ServerUnavailable, true)]
    [InlineData(301, AcmErrorKind.ServerUnavailable, true)]
    [InlineData(302, AcmErrorKind.CapabilityMissing, false)]
    [InlineData(403, AcmErrorKind.AccessDenied, false)]
    [InlineData(400, AcmErrorKind.InvalidKey, false)]
    [InlineData(500, AcmErrorKind.InvalidResponse, true)]
    [InlineData(503, AcmErrorKind.Throttled, false)]
    [InlineData(50310, AcmErrorKind.Throttled, false)]
    [InlineData(50311, AcmErrorKind.Throttled, false)]
    public void A_code_tells_whether_another_connection_helps(long code, AcmErrorKind kind, bool isOfConnection)
    {
        AcmException error = NacosPushErrors.Refused(new ServerAddress("a", 1, Tls: false), code, "no\u001b[0m");

        Assert.Equal((kind, isOfConnection), (error.Kind, error.Option == nameof(AcmClientOptions.GrpcPort)));
        Assert.DoesNotContain("\u001b", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(500)]
    [InlineData(503)]
    public void A_server_that_answers_is_no_reason_to_check_its_port(long code)
    {
        AcmException error = NacosPushErrors.Refused(new ServerAddress("a", 1, Tls: false), code, "no");

        Assert.DoesNotContain("port", error.Advice ?? "", StringComparison.OrdinalIgnoreCase);
    }

    // The error code of a starting server is that of a missing configuration elsewhere.
    [Theory]
    [InlineData("""{"resultCode":500,"errorCode":300,"message":"Server is starting,please try later."}""", AcmErrorKind.ServerUnavailable, "is starting")]
    [InlineData("""{"resultCode":500,"errorCode":301,"message":"Connection is unregistered."}""", AcmErrorKind.ServerUnavailable, "a server error")]
    [InlineData("""{"resultCode":500,"errorCode":400,"message":"content is blank"}""", AcmErrorKind.InvalidContent, "white space")]
    [InlineData("""{"resultCode":500,"errorCode":403,"message":"authorization failed!"}""", AcmErrorKind.AccessDenied, "denied")]
    [InlineData("""{"resultCode":500,"errorCode":500,"message":"ConsistencyException"}""", AcmErrorKind.ServerUnavailable, "no leader")]
    [InlineData("""{"resultCode":500,"errorCode":503,"message":"over limit"}""", AcmErrorKind.Throttled, "throttled the request")]
    [InlineData("""{"resultCode":500,"errorCode":0}""", AcmErrorKind.ServerUnavailable, "a server error")]
    public void The_answer_to_a_write_means_what_it_means_over_HTTP(string json, AcmErrorKind kind, string words)
    {
        using var document = JsonDocument.Parse(json);
        WireResponse answer = new NacosPushAnswer(document.RootElement, NacosPushBody.ErrorCode(document.RootElement), Proof: null).AsOverHttp("a:1");

        AcmException error = Assert.Throws<AcmException>(() => NacosWrite.IsTaken(answer, isV3: true, "", Key, "Publishing", hasCondition: true));

        Assert.Equal(kind, error.Kind);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"resultCode":200,"errorCode":0}""", true)]
    [InlineData("""{"resultCode":500,"errorCode":500,"message":"Cas publish fail, server md5 may have changed."}""", false)]
    public void A_write_is_taken_or_its_condition_refused(string json, bool isTaken)
    {
        using var document = JsonDocument.Parse(json);
        WireResponse answer = new NacosPushAnswer(document.RootElement, NacosPushBody.ErrorCode(document.RootElement), Proof: null).AsOverHttp("a:1");

        Assert.Equal(isTaken, NacosWrite.IsTaken(answer, isV3: true, "", Key, "Publishing", hasCondition: true));
    }

    private static string Write(TemporaryFiles files, string name, string text)
    {
        string path = Path.Combine(files.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static AcmClient Connect(string servers, Func<AcmClientOptions, AcmClientOptions>? change = null)
    {
        var options = new AcmClientOptions { Endpoint = servers, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true, TryTimeout = Clients.Deadline };
        return Clients.With(change?.Invoke(options) ?? options);
    }

    private static Task<RawResponse> PublishAsync(RunningServer server, string content) =>
        RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", $"dataId=app.yml&group=DEFAULT_GROUP&content={content}", "Content-Type: application/x-www-form-urlencoded");
}
