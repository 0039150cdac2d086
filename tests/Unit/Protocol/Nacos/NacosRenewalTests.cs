using Acm.Client;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>The back-off of logins that do not help.</summary>
public sealed class NacosRenewalTests
{
    private static readonly ConfigKey Key = new("app.yaml");

    [Fact]
    public async Task A_user_who_lacks_a_right_logs_in_once_more_and_no_further()
    {
        var clock = new FakeTimeProvider();
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", _ => ScriptedReply.Text(403, "text/plain", "authorization failed!"));
        using AcmClient client = ScriptedNacos.Connect(server, new AcmCredential("reader", "right"), clock);

        int after = 0;
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(AcmErrorKind.AccessDenied, (await Clients.FailsAsync(client.GetAsync(Key))).Kind);
            clock.Advance(TimeSpan.FromSeconds(20));
            after = server.Requests.Count(ScriptedNacos.IsLogin);
        }

        clock.Advance(TimeSpan.FromMinutes(10));
        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal((2, 3), (after, server.Requests.Count(ScriptedNacos.IsLogin)));
    }

    [Fact]
    public async Task A_wrong_password_is_sent_ever_more_seldom()
    {
        var clock = new FakeTimeProvider();
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", _ => ScriptedReply.Status(404));
        using AcmClient client = ScriptedNacos.Connect(server, new AcmCredential("ops", "wrong"), clock);

        for (int i = 0; i < 60; i++)
        {
            Assert.Equal(AcmErrorKind.AuthenticationFailed, (await Clients.FailsAsync(client.GetAsync(Key))).Kind);
            clock.Advance(TimeSpan.FromSeconds(5));
        }

        // After 0, 5, 15, 35, 75 and 155 seconds.
        Assert.Equal(6, server.Requests.Count(ScriptedNacos.IsLogin));
    }
}
