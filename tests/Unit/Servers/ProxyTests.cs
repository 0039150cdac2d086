using System.Net;
using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.Support;

namespace Acm.Tests.Servers;

/// <summary>
/// The framework reads HTTP_PROXY and NO_PROXY once a process, into <see cref="HttpClient.DefaultProxy"/>. That it is used, and where it does not apply, is tested with that set.
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
        await using var proxy = ScriptedServer.Always(ScriptedReply.Status(500));
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        HttpClient.DefaultProxy = new WebProxy(proxy.Address, BypassOnLocal: false, BypassList: ["127\\.0\\.0\\.1"]);
        using AcmClient client = Clients.For(server);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
        Assert.Empty(proxy.Requests);
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
