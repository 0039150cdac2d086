using Acm.Client;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Servers;

/// <summary>The connections of a client are kept alive, shared by its views, and closed with it.</summary>
public sealed class ConnectionsTests
{
    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task F1_twenty_reads_and_a_publish_go_over_one_connection()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Ok : ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);

        for (int i = 0; i < 20; i++) await Clients.InTime(client.GetAsync(Key));
        await Clients.InTime(client.PublishAsync(Key, "v"));

        Assert.Equal(21, server.Requests.Count);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task Errors_do_not_cost_the_connection()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Missing);
        using AcmClient client = Clients.For(server);

        for (int i = 0; i < 5; i++) await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public void A_client_can_be_disposed_of_twice()
    {
        AcmClient client = Clients.With(new AcmClientOptions { Endpoint = "127.0.0.1:1", Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true });
        client.Dispose();

        client.Dispose();

        Assert.Throws<AcmException>(() => client.Watch([Key], (_, _) => default));
    }

    [Fact]
    public async Task Views_of_two_namespaces_share_connections_and_ask_for_their_own()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);
        using AcmClient other = client.ForNamespace("ns-0002");

        AcmConfig first = await Clients.InTime(client.GetAsync(Key));
        AcmConfig second = await Clients.InTime(other.GetAsync(Key));

        Assert.Equal(1, server.Connections);
        Assert.Equal(["ns-0001", "ns-0002"], [first.Namespace, second.Namespace]);
        Assert.EndsWith("tenant=ns-0002", server.Requests.Last().Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_a_view_ends_nothing()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);

        client.ForNamespace("ns-0002").Dispose();
        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("drip")]
    public async Task Disposing_the_client_ends_a_call_that_hangs(string fault)
    {
        await using var server = ScriptedServer.Always(RotationTests.Fault(fault));
        AcmClient client = Clients.With(Clients.Options(server), new FakeTimeProvider());
        Task<AcmConfig> get = client.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken);
        await server.NextRequestAsync();

        client.Dispose();
        AcmException error = await Clients.FailsAsync(get);

        Assert.Equal(AcmErrorKind.NotConnected, error.Kind);
        await server.ClientLeftAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_on_a_disposed_client_says_that_there_is_no_connection(bool direct)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        AcmClient client = Clients.With(Clients.Options(server) with { Direct = direct });
        client.Dispose();

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(AcmErrorKind.NotConnected, error.Kind);
        Assert.Empty(server.Requests);
    }
}
