using System.Net;
using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.Support;

namespace Acm.Tests.Servers;

/// <summary>
/// .NET reads HTTP_PROXY and NO_PROXY only once per process, into <see cref="HttpClient.DefaultProxy"/>, so the tests set that property.
/// </summary>
[Collection(ProcessWideCollection.Name)]
public sealed class ProxyTests : IDisposable
{
    private static readonly ConfigKey Key = new("app.yml");

    private readonly IWebProxy _before = HttpClient.DefaultProxy;

    [Fact]
    public async Task A_proxy_of_the_environment_carries_the_requests()
    {
        await using var proxy = ScriptedServer.Always(ScriptedReply.Content("v"));
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = "acm.invalid:8080" });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
        Assert.Equal("http://acm.invalid:8080/diamond-server/config.co?dataId=app.yml&group=DEFAULT_GROUP&tenant=ns-0001", proxy.Requests.Single().Target);
    }

    [Fact]
    public async Task What_the_environment_excepts_is_reached_directly()
    {
        await using var proxy = ScriptedServer.Always(ScriptedReply.Content("v"));
        HttpClient.DefaultProxy = new WebProxy(proxy.Address, BypassOnLocal: false, BypassList: ["acm\\.invalid"]);
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = "acm.invalid:8080" }, new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Contains("its name is not known", error.Message, StringComparison.Ordinal);
        Assert.Empty(proxy.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_server_on_this_machine_is_reached_without_the_proxy(string host)
    {
        await using var proxy = ScriptedServer.Always(ScriptedReply.Status(500));
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = $"{host}:{server.Port}", Proxy = new AcmProxyOptions { Address = new Uri("http://" + proxy.Address) } });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task A_proxy_of_the_options_goes_before_that_of_the_environment_and_gets_its_credential()
    {
        await using var other = ScriptedServer.Always(ScriptedReply.Status(500));
        await using var proxy = new ScriptedServer(request => request.Headers.ContainsKey("Proxy-Authorization")
            ? ScriptedReply.Content("v")
            : ScriptedReply.Raw(407, "Proxy-Authenticate: Basic realm=\"p\"", []));
        HttpClient.DefaultProxy = new WebProxy(other.Address);
        using AcmClient client = Clients.With(Clients.Options() with
        {
            Endpoint = "acm.invalid:8080",
            Proxy = new AcmProxyOptions { Address = new Uri("http://" + proxy.Address), Credential = new NetworkCredential("ann", "pass") },
        });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
        Assert.Equal("Basic " + Convert.ToBase64String("ann:pass"u8), proxy.Requests.Last().Headers["Proxy-Authorization"]);
        Assert.Empty(other.Requests);
    }

    [Fact]
    public async Task No_proxy_is_used_where_the_options_say_so()
    {
        await using var proxy = ScriptedServer.Always(ScriptedReply.Content("v"));
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = "acm.invalid:8080", Proxy = new AcmProxyOptions { IsDisabled = true } }, new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Contains("its name is not known", error.Message, StringComparison.Ordinal);
        Assert.Empty(proxy.Requests);
    }

    [Fact]
    public async Task A_proxy_that_is_not_there_is_named_and_not_taken_for_the_server()
    {
        string proxy = $"http://127.0.0.1:{ScriptedServer.UnusedPort()}";
        HttpClient.DefaultProxy = new WebProxy(proxy);
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = "acm.invalid:8080" }, new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Contains($"acm.invalid:8080 can't be reached through the proxy '{proxy}': nothing listens on the proxy's port.", error.Message, StringComparison.Ordinal);
        Assert.Equal(nameof(AcmClientOptions.Proxy), error.Option);
    }

    [Theory]
    [InlineData(502, AcmErrorKind.ServerUnavailable)]
    [InlineData(302, AcmErrorKind.InvalidResponse)]
    public async Task An_answer_that_a_proxy_may_have_made_up_names_it(int status, AcmErrorKind kind)
    {
        await using var proxy = ScriptedServer.Always(ScriptedReply.Status(status));
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = "acm.invalid:8080" }, new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(kind, error.Kind);
        Assert.Contains($"The request went through the proxy 'http://{proxy.Address}'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_takes_too_long_through_a_proxy_names_it_and_none_of_its_secrets()
    {
        await using var proxy = ScriptedServer.Always(ScriptedReply.Hang);
        using AcmClient client = Clients.With(Clients.Options() with
        {
            Endpoint = "acm.invalid:8080",
            TryTimeout = TimeSpan.FromMilliseconds(100),
            TotalTimeout = TimeSpan.FromSeconds(1),
            Proxy = new AcmProxyOptions { Address = new Uri($"http://ann:s3cr3t@{proxy.Address}") },
        });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.Timeout, error.Kind);
        Assert.Contains($"proxy 'http://{proxy.Address}'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://proxy.invalid")]
    [InlineData("/proxy")]
    public void An_address_that_is_not_one_of_a_proxy_is_refused(string address)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            new AcmClient(Clients.Options() with { Endpoint = "acm.invalid", Proxy = new AcmProxyOptions { Address = new Uri(address, UriKind.RelativeOrAbsolute) } }).Dispose());

        Assert.Contains("is not a valid proxy address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_asks_for_credentials_is_an_error_that_says_so()
    {
        await using var proxy = ScriptedServer.Always(ScriptedReply.Status(407));
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = "acm.invalid:8080" }, new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Contains("proxy", error.Message, StringComparison.Ordinal);
        Assert.Contains("NO_PROXY", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_test_leaves_the_name_and_the_connection_to_the_proxy()
    {
        await using var proxy = ScriptedServer.Always(ScriptedReply.Missing);
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = "acm.invalid:8080" });

        List<ConnectionCheck> checks = await Clients.InTime(client.TestConnectionAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.All(checks.Where(check => check.Check is "Name" or "Tcp"), check =>
        {
            Assert.Equal(CheckStatus.Skipped, check.Status);
            Assert.Contains(proxy.Address, check.Detail, StringComparison.Ordinal);
        });
        Assert.Equal(CheckStatus.Passed, checks.Single(check => check.Check == "Read").Status);
    }

    [Fact]
    public async Task Credentials_of_this_machine_are_asked_for_past_the_proxy()
    {
        const string Answer = """{"Code":"Success","AccessKeyId":"STS.a","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2099-01-01T00:00:00Z"}""";
        await using var proxy = ScriptedServer.Always(ScriptedReply.Status(500));
        await using var place = ScriptedServer.Always(ScriptedReply.Content(Answer));
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        var scope = new CredentialScope(
            new CredentialSourceOptions(), TimeProvider.System, () => 0, name => name == "ALIBABA_CLOUD_CREDENTIALS_URI" ? $"http://{place.Address}/path" : null, home: "");
        using AcmCredentialSource source = CredentialSources.Make(scope, one => new CredentialsUriProvider(one));

        AcmCredential credential = await Clients.InTime(source.GetAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.Equal("STS.a", credential.AccessKey);
        Assert.Empty(proxy.Requests);
    }

    public void Dispose() => HttpClient.DefaultProxy = _before;
}
