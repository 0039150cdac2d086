using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Writing;

public sealed class LateOwnWriteTests
{
    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task A_conflict_with_our_own_lost_write_that_came_through_late_is_success()
    {
        int gets = 0;
        int publishes = 0;
        await using var server = new ScriptedServer(request => request.IsPublish
            ? Interlocked.Increment(ref publishes) == 1 ? ScriptedReply.Reset : ScriptedReply.Text(409, "text/html;charset=GBK", "conflict")
            : Interlocked.Increment(ref gets) <= 2 ? ScriptedReply.Missing : ScriptedReply.Content("v"));
        using AcmClient client = Clients.For(server);

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { CreateOnly = true }));

        Assert.True(result.ConfirmedByReading);
        Assert.Equal(2, publishes);
    }

    [Fact]
    public async Task A_conflict_with_somebody_elses_write_stays_one()
    {
        int gets = 0;
        int publishes = 0;
        await using var server = new ScriptedServer(request => request.IsPublish
            ? Interlocked.Increment(ref publishes) == 1 ? ScriptedReply.Reset : ScriptedReply.Text(409, "text/html;charset=GBK", "conflict")
            : Interlocked.Increment(ref gets) <= 2 ? ScriptedReply.Missing : ScriptedReply.Content("of another"));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v", new PublishOptions { CreateOnly = true }));

        Assert.Equal(AcmErrorKind.ConfigExists, error.Kind);
    }

    [Fact]
    public async Task Our_own_servers_word_that_content_is_too_large_is_understood()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(400, "text/plain", "content too large, limit 1000 bytes"));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, new string('x', 2000)));

        Assert.Equal(AcmErrorKind.ContentTooLarge, error.Kind);
        Assert.Contains("limit 1000 bytes", error.Message, StringComparison.Ordinal);
    }
}
