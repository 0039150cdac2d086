using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>Logins of a session, and its handling of rejected logins.</summary>
public sealed class NacosLoginTests
{
    private static readonly ConfigKey Key = new("app.yaml");

    [Fact]
    public async Task Many_calls_at_once_log_in_once()
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", Served);
        using AcmClient client = ScriptedNacos.Connect(server, new AcmCredential("ops", "right"));

        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Clients.InTime(client.GetAsync(Key))));

        Assert.Single(server.Requests, ScriptedNacos.IsLogin);
    }

    [Fact]
    public async Task A_token_is_renewed_in_the_last_tenth_of_its_life()
    {
        var clock = new FakeTimeProvider();
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", Served);
        using AcmClient client = ScriptedNacos.Connect(server, new AcmCredential("ops", "right"), clock);

        var logins = new List<int>();
        foreach (int seconds in new[] { 0, 16_199, 1, 16_199, 1 })
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            await Clients.InTime(client.GetAsync(Key));
            logins.Add(server.Requests.Count(ScriptedNacos.IsLogin));
        }

        Assert.Equal([1, 1, 2, 2, 3], logins);
        Assert.All(server.Requests.Where(ScriptedNacos.IsLogin), login => Assert.DoesNotContain("Authorization", login.Headers.Keys));
    }

    [Theory]
    [InlineData(AcmServerType.Nacos)]
    [InlineData(AcmServerType.Auto)]
    public async Task Access_keys_of_a_source_are_never_sent_as_a_password(AcmServerType type)
    {
        using var source = new RefreshingCredentialSource(new StaticCredentialSource(new AcmCredential("ak-7", "sk-canary-7")), TimeProvider.System, () => 0);
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", Served);
        using AcmClient client = Clients.With(Clients.Options(server) with { ServerType = type, TryTimeout = Clients.Deadline, CredentialSource = source });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.CapabilityMissing, error.Kind);
        Assert.Contains("needs a user name and a password", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Target.Contains("sk-canary-7", StringComparison.Ordinal) || request.Body.Contains("sk-canary-7", StringComparison.Ordinal));
    }

    // A wrong password is a 403 to 1.4 and a 500 to 3.0, as is an unknown user to 2.5.
    [Theory]
    [InlineData("1.4.8", 403, "unknown user!")]
    [InlineData("2.5.1", 500, "caused: User nobody not found;")]
    [InlineData("3.0.3", 500, "caused: User not found! Please check user exist or password is right!;")]
    public async Task A_refused_login_is_AuthenticationFailed_at_once_and_says_that_a_new_user_takes_a_while(string version, int status, string text)
    {
        await using ScriptedServer server = Start(version, () => ScriptedReply.Text(status, "text/plain", text));
        using AcmClient client = ScriptedNacos.Connect(server, new AcmCredential("nobody", "wrong"));

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.Contains("15 s", error.Advice, StringComparison.Ordinal);
        Assert.Single(server.Requests, ScriptedNacos.IsLogin);
    }

    // 2.5.1 refuses the right password for 3 to 5 s after each start (recorded).
    [Fact]
    public async Task Where_a_connection_was_reset_a_moment_ago_the_password_is_tried_again()
    {
        int asked = 0;
        int logins = 0;
        await using var server = new ScriptedServer(request => Interlocked.Increment(ref asked) == 1 ? ScriptedReply.Reset : request.Target switch
        {
            "/nacos/v3/admin/core/state" => ScriptedReply.Status(404),
            "/nacos/v1/console/server/state" => ScriptedNacos.Json(200, """{"version":"2.5.1"}"""),
            _ when ScriptedNacos.IsLogin(request) => Interlocked.Increment(ref logins) < 4 ? ScriptedReply.Text(500, "text/plain", "caused: User nacos not found;") : ScriptedNacos.Json(200, """{"accessToken":"token","tokenTtl":18000}"""),
            _ => Served(request),
        });
        using AcmClient client = Clients.With(
            Clients.Options(server) with { ServerType = AcmServerType.Nacos, TryTimeout = Clients.Deadline, TotalTimeout = TimeSpan.FromSeconds(30), Credential = new AcmCredential("nacos", "right") },
            new PauselessClock { LongestPause = TimeSpan.FromSeconds(3) });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(("v", 4), (config.Content, logins));
    }

    [Fact]
    public async Task A_password_that_stays_refused_after_a_restart_fails_after_twenty_seconds()
    {
        var clock = new PauselessClock { LongestPause = TimeSpan.FromSeconds(3) };
        bool isRefused = false;
        await using ScriptedServer server = Start("2.5.1", () => isRefused ? ScriptedReply.Status(500) : ScriptedNacos.Json(200, """{"accessToken":"token","tokenTtl":10}"""));
        using AcmClient client = Clients.With(
            Clients.Options(server) with { ServerType = AcmServerType.Nacos, TryTimeout = Clients.Deadline, TotalTimeout = TimeSpan.FromSeconds(60), Credential = new AcmCredential("nacos", "right") },
            clock);

        await Clients.InTime(client.GetAsync(Key));
        isRefused = true;
        clock.Advance(TimeSpan.FromSeconds(10));
        DateTimeOffset started = clock.GetUtcNow();
        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.InRange((clock.GetUtcNow() - started).TotalSeconds, 19, 25);
        Assert.InRange(server.Requests.Count(ScriptedNacos.IsLogin), 10, 25);
    }

    // From 3.0 on only administrators can read namespace names; for other users the text is an ID, without another login.
    [Fact]
    public async Task Who_may_not_see_the_names_of_namespaces_logs_in_once_and_gives_an_id()
    {
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", request => request.Target.EndsWith("/namespace/list", StringComparison.Ordinal) ? ScriptedReply.Text(403, "text/plain", "denied") : Served(request));
        using AcmClient connection = ScriptedNacos.Connect(server, new AcmCredential("reader", "right"));
        AcmClient client = connection.ForNamespace("dev");

        AcmClient first = await Clients.InTime(client.FindNamespaceAsync(cancellationToken: TestContext.Current.CancellationToken));
        AcmClient second = await Clients.InTime(client.FindNamespaceAsync(cancellationToken: TestContext.Current.CancellationToken));
        AcmConfig config = await Clients.InTime(second.GetAsync(Key));

        Assert.Equal(("dev", "dev", "dev"), (first.Namespace, second.Namespace, config.Namespace));
        Assert.Single(server.Requests, ScriptedNacos.IsLogin);
        Assert.Single(server.Requests, request => request.Target.EndsWith("/namespace/list", StringComparison.Ordinal));
    }

    // Nacos 3.0 with default settings does not authenticate reads.
    [Theory]
    [InlineData(true, CheckStatus.Warning)]
    [InlineData(false, CheckStatus.Passed)]
    public async Task The_test_of_a_connection_warns_where_a_read_needs_no_login(bool isOpen, CheckStatus expected)
    {
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", request => request.Target.Contains("/config/list", StringComparison.Ordinal)
            ? ScriptedNacos.Json(200, """{"code":0,"data":{"totalCount":0,"pageNumber":1,"pagesAvailable":0,"pageItems":[]}}""")
            : isOpen || request.Headers.ContainsKey("Authorization") ? Served(request) : ScriptedReply.Text(403, "text/plain", "denied"));
        using AcmClient client = Clients.With(Clients.Options(server) with { ServerType = AcmServerType.Auto, TryTimeout = Clients.Deadline, Credential = new AcmCredential("ops", "right") });

        var checks = new List<ConnectionCheck>();
        await foreach (ConnectionCheck check in client.TestConnectionAsync(null, TestContext.Current.CancellationToken)) checks.Add(check);

        Assert.Equal(["AddressServer", "Name", "Tcp", "Tls", "ServerType", "Version", "Login", "Anonymous", "ClockSkew", "Read"], checks.Select(check => check.Check));
        ConnectionCheck anonymous = checks.Single(check => check.Check == "Anonymous");
        Assert.Equal(expected, anonymous.Status);
        Assert.Equal(isOpen, anonymous.Cure.Contains("nacos.core.auth.enabled=true", StringComparison.Ordinal));
        Assert.DoesNotContain(checks, check => check.Status == CheckStatus.Failed);
    }

    private static ScriptedServer Start(string version, Func<ScriptedReply> login) => new(request => request.Target switch
    {
        "/nacos/v3/admin/core/state" => version[0] >= '3' ? ScriptedNacos.Json(200, $$$"""{"code":0,"data":{"version":"{{{version}}}"}}""") : ScriptedReply.Status(404),
        "/nacos/v1/console/server/state" => ScriptedNacos.Json(200, $$"""{"version":"{{version}}"}"""),
        _ when ScriptedNacos.IsLogin(request) => login(),
        _ => Served(request),
    });

    private static ScriptedReply Served(ScriptedRequest request) => request.Target.Contains("/v3/", StringComparison.Ordinal)
        ? ScriptedNacos.Json(200, """{"code":0,"message":"success","data":{"content":"v"}}""")
        : ScriptedReply.Raw(200, "Content-MD5: 9e3669d19b675bd57058fd4664205d2a\r\nContent-Type: text/plain", "v"u8.ToArray());
}
