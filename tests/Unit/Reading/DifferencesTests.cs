using Acm.Client;
using Acm.Client.Text;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Reading;

/// <summary>Finding changed keys without reading their contents.</summary>
public sealed class DifferencesTests
{
    [Fact]
    public async Task The_real_server_names_what_is_new_changed_and_gone_and_nothing_else()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using var client = new AcmClient(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, Namespace = "ns", LongPollBatchSize = 7 });
        var known = new List<KeyValuePair<ConfigKey, string?>>();
        var expected = new List<ConfigKey>();
        for (int i = 0; i < 40; i++)
        {
            var key = new ConfigKey("k:" + i, i % 2 == 0 ? "DEFAULT_GROUP" : "other");
            bool isThere = i % 5 != 4;
            string? md5 = isThere ? (await client.PublishAsync(key, "v" + i)).Config.Md5 : null;
            switch (i % 5)
            {
                case 0: md5 = Md5Hex.Of("old"u8); break;
                case 1: md5 = null; break;
                case 4 when i % 2 == 0: md5 = Md5Hex.Of("gone"u8); break;
                case 2: md5 = md5!.ToUpperInvariant(); break;
            }

            known.Add(new(key, md5));
            if (i % 5 is 0 or 1 || (i % 5 == 4 && i % 2 == 0)) expected.Add(key);
        }

        IReadOnlyList<ConfigKey> differing = await client.FindDifferencesAsync(known, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(expected, differing);
    }

    [Fact]
    public async Task A_server_that_fails_hands_over_to_the_next_as_with_every_call()
    {
        await using ScriptedServer failing = ScriptedServer.Always(ScriptedReply.Status(500));
        await using var working = new ScriptedServer(_ => ScriptedReply.Text(200, "text/html;charset=GBK", "a%02DEFAULT_GROUP%02ns-0001%01\n"));
        using AcmClient client = Clients.For(failing, working);

        IReadOnlyList<ConfigKey> differing = await Clients.InTime(client.FindDifferencesAsync([new(new ConfigKey("a"), null), new(new ConfigKey("b"), null)]));

        Assert.Equal([new ConfigKey("a")], differing);
        Assert.Single(failing.Requests);
    }

    [Fact]
    public async Task What_is_no_MD5_is_refused_unsent()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        await Assert.ThrowsAsync<ArgumentException>(() => client.FindDifferencesAsync([new(new ConfigKey("a"), "12")]));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task No_keys_are_no_request()
    {
        await using ScriptedServer server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        Assert.Empty(await client.FindDifferencesAsync([]));
        Assert.Empty(server.Requests);
    }
}
