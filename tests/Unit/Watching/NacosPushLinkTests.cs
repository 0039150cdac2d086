using System.Text;
using Acm.Client;
using Acm.Client.Http;
using Acm.Client.Protocol.Nacos;
using Acm.Client.Protocol.Nacos.Push;
using Acm.Tests.StandIns.Nacos;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Watching;

/// <summary>How a connection takes messages that are not valid, and the end that a server announces.</summary>
public sealed class NacosPushLinkTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly AcmConnection _connection;
    private readonly GrpcPortStandIn _port = new();

    public NacosPushLinkTests() =>
        _connection = new AcmConnection(new AcmClientOptions { Endpoint = "127.0.0.1:1", Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true }, _clock, () => 0, dialect: null);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _connection.Dispose();
        _port.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_successor_that_a_server_names_is_kept_whether_or_not_the_acknowledgement_arrives(bool arrives)
    {
        using NacosPushLink link = await ConnectAsync();
        _port.FailsAcknowledgements = !arrives;

        await _port.PushAsync("ConnectResetRequest", """{"requestId":"1","serverIp":"b"}""");
        AcmException error = await Clients.FailsAsync(link.WaitForChangesAsync(Cancelled));

        Assert.Equal("b", link.Successor);
        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
    }

    [Fact]
    public async Task A_server_that_asks_to_connect_again_is_no_reason_to_check_its_port()
    {
        using NacosPushLink link = await ConnectAsync();

        await _port.PushAsync("ConnectResetRequest", """{"requestId":"1"}""");
        AcmException error = await Clients.FailsAsync(link.WaitForChangesAsync(Cancelled));

        Assert.Equal(("gRPC cannot be used: a:2 asked its clients to connect again.", null), (error.Message, error.Advice));
    }

    [Fact]
    public async Task A_push_that_is_not_protobuf_loses_the_connection_with_that_reason()
    {
        using NacosPushLink link = await ConnectAsync();

        await _port.PushAsync([0xFF]);
        AcmException error = await Clients.FailsAsync(link.WaitForChangesAsync(Cancelled));

        Assert.Equal("gRPC cannot be used: a:2 sent a message that is not a Nacos message.", error.Message);
        Assert.Equal(nameof(AcmClientOptions.GrpcPort), error.Option);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    [InlineData("""{"dataId":"\ud800","group":{},"requestId":[]}""")]
    public async Task A_push_whose_body_is_not_valid_is_passed_over(string body)
    {
        using NacosPushLink link = await ConnectAsync();

        await _port.PushAsync("ConfigChangeNotifyRequest", body);
        await _port.PushAsync("ConfigChangeNotifyRequest", """{"requestId":"2","dataId":"app.yml","group":"g","tenant":""}""");

        Assert.Equal([new ConfigKey("app.yml", "g")], await Clients.InTime(link.WaitForChangesAsync(Cancelled)));
    }

    [Fact]
    public async Task An_answer_that_is_not_protobuf_is_an_error_with_that_reason()
    {
        _port.Answer = _ => [0xFF];

        AcmException error = await Clients.FailsAsync(ConnectAsync());

        Assert.Equal("gRPC cannot be used: a:2 sent a message that is not a Nacos message.", error.Message);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    public async Task An_answer_that_is_not_a_JSON_object_is_an_error_with_that_reason(string body)
    {
        _port.Answer = _ => NacosPayload.Write(new NacosPayload("Response", Encoding.UTF8.GetBytes(body)));

        AcmException error = await Clients.FailsAsync(ConnectAsync());

        Assert.Equal("gRPC cannot be used: a:2 answered with something that is not a Nacos response.", error.Message);
    }

    private async Task<NacosPushLink> ConnectAsync()
    {
        var http = (NacosLink)_connection.Links.Open(_connection.Pool.Directory.Servers.Snapshot()[0], await _connection.Links.GetProofAsync(Cancelled), default);
        var link = new NacosPushLink(http, new ServerAddress("a", 2, Tls: false), "", _port, "test", _clock);
        try
        {
            await link.SetUpAsync(Cancelled).WaitAsync(Clients.Deadline, Cancelled);
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }
}
