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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_conflict_with_our_own_write_that_timed_out_and_came_through_late_is_success(bool createOnly)
    {
        int reads = 0;
        int publishes = 0;
        ScriptedReply before = createOnly ? ScriptedReply.Missing : ScriptedReply.Content("hello");
        await using var server = new ScriptedServer(request => request.IsPublish
            ? Interlocked.Increment(ref publishes) == 1 ? ScriptedReply.Hang : ScriptedReply.Text(409, "text/html;charset=GBK", "conflict")
            : Interlocked.Increment(ref reads) <= 2 ? before : ScriptedReply.Content("v"));
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Clients.Options(server), clock);
        var options = new PublishOptions { CreateOnly = createOnly, IfMatch = createOnly ? null : "5d41402abc4b2a76b9719d911017c592" };

        Task<PublishResult> publish = client.PublishAsync(Key, "v", options);
        while (!(await server.NextRequestAsync()).IsPublish) continue;
        clock.Advance(AcmClientOptions.DefaultTryTimeout);
        PublishResult result = await Clients.InTime(publish);

        Assert.True(result.ConfirmedByReading);
        Assert.Equal(2, publishes);
    }

    [Fact]
    public async Task A_page_of_a_proxy_in_place_of_the_answer_leaves_the_outcome_unknown()
    {
        int publishes = 0;
        await using var server = new ScriptedServer(request => !request.IsPublish
            ? ScriptedReply.Content("v")
            : Interlocked.Increment(ref publishes) == 1 ? ScriptedReply.Text(200, "text/html", "<html>Please wait</html>") : ScriptedReply.Ok);
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v"));

        Assert.True(result.ConfirmedByReading);
        Assert.Equal(1, publishes);
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
