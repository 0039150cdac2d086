using Acm.Client;
using Acm.Client.Credentials;
using Acm.Tests.Support;

namespace Acm.Tests.Credentials;

/// <summary>The client's reaction when a server rejects temporary credentials.</summary>
public sealed class RefusedTokenTests
{
    private static readonly ConfigKey Key = new("app.yml");

    private readonly PauselessClock _clock = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly HeldProvider _provider;

    public RefusedTokenTests() => _provider = new HeldProvider(_clock);

    [Fact]
    public async Task A_token_that_is_refused_is_renewed_and_the_request_told_again_once()
    {
        await using var server = new ScriptedServer(request => request.Headers["Spas-SecurityToken"] == "token-1" ? ScriptedReply.Status(403) : ScriptedReply.Content("a: 1"));
        using RefreshingCredentialSource source = Source();
        using AcmClient client = Client(server, source);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("a: 1", config.Content);
        Assert.Equal(["token-1", "token-2"], server.Requests.Select(request => request.Headers["Spas-SecurityToken"]));
        Assert.Equal(["ak-1", "ak-2"], server.Requests.Select(request => request.Headers["Spas-AccessKey"]));
    }

    [Fact]
    public async Task A_write_is_told_again_as_well()
    {
        await using var server = new ScriptedServer(request => request.Headers["Spas-SecurityToken"] == "token-1" ? ScriptedReply.Status(403) : request.IsPublish ? ScriptedReply.Ok : ScriptedReply.Content("a: 1"));
        using RefreshingCredentialSource source = Source();
        using AcmClient client = Client(server, source);

        await Clients.InTime(client.PublishAsync(Key, "a: 1", cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(2, server.Requests.Count(request => request.IsPublish));
    }

    [Fact]
    public async Task What_is_denied_to_new_credentials_too_is_AccessDenied_and_not_asked_of_STS_again_and_again()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Status(403));
        using RefreshingCredentialSource source = Source();
        using AcmClient client = Client(server, source);

        for (int i = 0; i < 10; i++)
        {
            AcmException error = await Clients.FailsAsync(client.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal(AcmErrorKind.AccessDenied, error.Kind);
        }

        Assert.Equal(2, _provider.Asked);
        Assert.Equal(11, server.Requests.Count);
    }

    [Fact]
    public async Task Lasting_keys_that_are_denied_are_asked_for_once()
    {
        _provider.Lifetime = null;
        await using var server = ScriptedServer.Always(ScriptedReply.Status(403));
        using RefreshingCredentialSource source = Source();
        using AcmClient client = Client(server, source);

        Assert.Equal(AcmErrorKind.AccessDenied, (await Clients.FailsAsync(client.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken))).Kind);
        Assert.Equal(1, _provider.Asked);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_source_that_yields_nothing_ends_the_call_before_any_server_is_asked()
    {
        _provider.Failure = new AcmException(AcmErrorKind.ServerUnavailable, "It is down.");
        await using var server = ScriptedServer.Always(ScriptedReply.Content("a: 1"));
        using RefreshingCredentialSource source = Source();
        using AcmClient client = Client(server, source);

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind);
        Assert.Equal("Held provided no credentials. It is down.", error.Message);
        Assert.Equal(Key, error.Key);
        Assert.Empty(server.Requests);
        Assert.Equal(1, _provider.Asked);
    }

    [Theory]
    [InlineData(AcmErrorKind.ServerUnavailable, true)]
    [InlineData(AcmErrorKind.Timeout, true)]
    [InlineData(AcmErrorKind.AuthenticationFailed, false)]
    [InlineData(AcmErrorKind.AccessDenied, false)]
    public async Task A_snapshot_answers_where_the_source_can_not_be_reached_but_not_where_it_refuses(AcmErrorKind kind, bool answers)
    {
        using var folder = new Local.TemporaryFolder();
        await using var server = ScriptedServer.Always(ScriptedReply.Content("a: 1"));
        AcmClientOptions options = Clients.Options(server) with { NoSnapshot = false, SnapshotPath = folder.Path };
        using (AcmClient before = Clients.With(options, _clock)) await Clients.InTime(before.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken));
        _provider.Failure = new AcmException(kind, "It does not work.");
        using RefreshingCredentialSource source = Source();
        using AcmClient client = Clients.With(options with { CredentialSource = source }, _clock);

        Task<AcmConfig> read = client.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken);

        if (answers) Assert.Equal((ConfigSource.Snapshot, "a: 1"), ((await Clients.InTime(read)).Source, (await read).Content));
        else Assert.Equal(AcmErrorKind.AuthenticationFailed, (await Clients.FailsAsync(read)).Kind);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Keys_and_a_source_exclude_each_other()
    {
        using RefreshingCredentialSource source = Source();
        var options = new AcmClientOptions { Endpoint = "127.0.0.1", Credential = Clients.Credential, CredentialSource = source };

        Assert.Contains("cannot be combined", Assert.Throws<ArgumentException>(() => new AcmClient(options)).Message, StringComparison.Ordinal);
    }

    private RefreshingCredentialSource Source() => new(_provider, _clock, () => 0);

    private AcmClient Client(ScriptedServer server, AcmCredentialSource source) => Clients.With(Clients.Options(server) with { CredentialSource = source }, _clock);
}
