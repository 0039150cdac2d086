using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Servers;

public sealed class HangingServersTests
{
    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task A_server_that_hung_and_rests_is_waited_for_once_a_call()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Clients.Options(server), clock);
        await FailsAfterAsync(3, server, clock, client);

        AcmException error = await FailsAfterAsync(1, server, clock, client);

        Assert.Equal(4, server.Requests.Count);
        Assert.Equal(AcmErrorKind.Timeout, error.Kind);
    }

    [Fact]
    public async Task An_address_server_that_hung_is_not_asked_again_at_once()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Clients.Options(server) with { Direct = false }, clock);
        await FailsAfterAsync(3, server, clock, client);

        AcmException error = await FailsAfterAsync(0, server, clock, client);

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(AcmErrorKind.Timeout, error.Kind);
    }

    [Fact]
    public async Task Servers_of_which_one_is_not_trusted_and_one_garbled_are_no_reason_for_a_snapshot()
    {
        await using var plain = ScriptedServer.Always(ScriptedReply.Content("v"));
        await using var garbled = ScriptedServer.Always(ScriptedReply.Bytes("garbage\r\n\r\n", ReplyEnd.Close));
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = $"https://{plain.Address},http://{garbled.Address}" });

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(AcmErrorKind.UntrustedServer, error.Kind);
    }

    private static async Task<AcmException> FailsAfterAsync(int tries, ScriptedServer server, PauselessClock clock, AcmClient client)
    {
        Task<AcmConfig> get = client.GetAsync(Key);
        for (int i = 0; i < tries; i++)
        {
            await server.NextRequestAsync();
            clock.Advance(client.Options.TryTimeout);
        }

        return await Clients.FailsAsync(get);
    }
}
