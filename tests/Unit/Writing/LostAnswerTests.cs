using Acm.Client;
using Acm.Tests.Servers;
using Acm.Tests.Support;

namespace Acm.Tests.Writing;

/// <summary>A write whose response was lost may have succeeded, so the stored value is read before a retry.</summary>
public sealed class LostAnswerTests
{
    private static readonly ConfigKey Key = new("app.yml");

    public static TheoryData<string> LostAnswers => ["hang", "drip", "reset", "close", "half", "garbage", "500", "502", "503", "504"];

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task R29_what_was_stored_is_success_and_is_not_published_twice(string fault)
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? RotationTests.Fault(fault) : ScriptedReply.Content("v2"));
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Clients.Options(server), clock);

        PublishResult result = await FinishAsync(client.PublishAsync(Key, "v2"), server, clock, fault);

        Assert.True(result.ConfirmedByReading);
        Assert.Equal("v2", result.Config.Content);
        Assert.Equal(["POST", "GET"], server.Requests.Select(request => request.Method));
    }

    [Theory]
    [MemberData(nameof(LostAnswers))]
    public async Task What_was_not_stored_is_published_again(string fault)
    {
        int published = 0;
        await using var server = new ScriptedServer(request =>
            !request.IsPublish ? ScriptedReply.Content("old") : Interlocked.Increment(ref published) == 1 ? RotationTests.Fault(fault) : ScriptedReply.Ok);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Clients.Options(server), clock);

        PublishResult result = await FinishAsync(client.PublishAsync(Key, "v2"), server, clock, fault);

        Assert.False(result.ConfirmedByReading);
        Assert.Equal(["POST", "GET", "POST"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task What_was_not_there_before_and_is_not_there_now_is_published_again()
    {
        int published = 0;
        await using var server = new ScriptedServer(request =>
            !request.IsPublish ? ScriptedReply.Missing : Interlocked.Increment(ref published) == 1 ? ScriptedReply.Reset : ScriptedReply.Ok);
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        await Clients.InTime(client.PublishAsync(Key, "v2"));

        Assert.Equal(["POST", "GET", "POST"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task The_value_is_read_back_from_the_next_server()
    {
        await using var bad = ScriptedServer.Always(ScriptedReply.Reset);
        await using var good = ScriptedServer.Always(ScriptedReply.Content("v2"));
        using AcmClient client = Clients.With(Clients.Options(bad, good), new PauselessClock());

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v2"));

        Assert.True(result.ConfirmedByReading);
        Assert.Equal(good.Address, result.Config.Server);
        Assert.Equal("GET", Assert.Single(good.Requests).Method);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("reset")]
    public async Task A_connection_in_use_that_breaks_does_not_send_the_publish_again_unread(string fault)
    {
        int asked = 0;
        await using var server = new ScriptedServer(request => request.IsPublish ? RotationTests.Fault(fault) : ScriptedReply.Content(Interlocked.Increment(ref asked) == 1 ? "v1" : "v2"));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());
        await Clients.InTime(client.GetAsync(Key));

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v2"));

        Assert.True(result.ConfirmedByReading);
        Assert.Single(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task What_never_left_this_machine_is_sent_without_reading_first()
    {
        await using var good = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.With(Clients.Options() with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()},{good.Address}" }, new PauselessClock());

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v2"));

        Assert.False(result.ConfirmedByReading);
        Assert.Equal("POST", Assert.Single(good.Requests).Method);
    }

    [Fact]
    public async Task Throttling_says_that_nothing_was_stored_and_is_tried_again_unread()
    {
        int published = 0;
        await using var server = new ScriptedServer(_ => Interlocked.Increment(ref published) == 1 ? ScriptedReply.Status(429) : ScriptedReply.Ok);
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        await Clients.InTime(client.PublishAsync(Key, "v2"));

        Assert.Equal(["POST", "POST"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_value_that_is_locked_as_it_is_read_back_is_read_again()
    {
        int read = 0;
        await using var server = new ScriptedServer(request =>
            request.IsPublish ? ScriptedReply.Reset : Interlocked.Increment(ref read) == 1 ? ScriptedReply.Status(409) : ScriptedReply.Content("v2"));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v2"));

        Assert.True(result.ConfirmedByReading);
        Assert.Equal(["POST", "GET", "GET"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task A_write_that_stays_unknown_says_so_and_what_to_do()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Reset);
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v2"));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.Contains("unknown", error.Message, StringComparison.Ordinal);
        Assert.Contains("Read", error.Advice, StringComparison.Ordinal);
        Assert.Single(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task A_write_whose_value_may_not_be_read_back_says_that_its_outcome_is_not_known()
    {
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Reset : ScriptedReply.Status(403));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v2"));

        Assert.Equal(AcmErrorKind.AccessDenied, error.Kind);
        Assert.Contains("unknown", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task A_write_that_the_calls_limit_ends_says_that_its_outcome_is_not_known()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Clients.Options(server) with { TryTimeout = TimeSpan.FromMinutes(5), TotalTimeout = TimeSpan.FromSeconds(2) }, clock);
        Task<PublishResult> publish = client.PublishAsync(Key, "v2");
        await server.NextRequestAsync();

        clock.Advance(TimeSpan.FromSeconds(2));
        AcmException error = await Clients.FailsAsync(publish);

        Assert.Equal(AcmErrorKind.Timeout, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.Contains("unknown", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conditional_write_that_was_stored_is_success()
    {
        int read = 0;
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Reset : ScriptedReply.Content(Interlocked.Increment(ref read) == 1 ? "hello" : "v2"));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v2", new PublishOptions { IfMatch = "5d41402abc4b2a76b9719d911017c592" }));

        Assert.True(result.ConfirmedByReading);
        Assert.Single(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task A_conditional_write_does_not_go_over_what_someone_else_wrote_meanwhile()
    {
        int read = 0;
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Reset : ScriptedReply.Content(Interlocked.Increment(ref read) == 1 ? "hello" : "theirs"));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v2", new PublishOptions { IfMatch = "5d41402abc4b2a76b9719d911017c592" }));

        Assert.Equal(AcmErrorKind.Conflict, error.Kind);
        Assert.Single(server.Requests, request => request.IsPublish);
    }

    [Fact]
    public async Task A_creation_does_not_go_over_what_someone_else_created_meanwhile()
    {
        int read = 0;
        await using var server = new ScriptedServer(request => request.IsPublish ? ScriptedReply.Reset : Interlocked.Increment(ref read) == 1 ? ScriptedReply.Missing : ScriptedReply.Content("theirs"));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v2", new PublishOptions { CreateOnly = true }));

        Assert.Equal(AcmErrorKind.ConfigExists, error.Kind);
        Assert.Single(server.Requests, request => request.IsPublish);
    }

    private static async Task<PublishResult> FinishAsync(Task<PublishResult> publish, ScriptedServer server, PauselessClock clock, string fault)
    {
        await server.NextRequestAsync();
        if (fault is "hang" or "drip") clock.Advance(AcmClientOptions.DefaultTryTimeout);
        return await Clients.InTime(publish);
    }
}
