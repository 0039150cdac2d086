using Acm.Client;
using Acm.Tests.Servers;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Writing;

public sealed class RemoveTests
{
    private const string Md5OfHello = "5d41402abc4b2a76b9719d911017c592";

    private static readonly ConfigKey Key = new("app.yml");

    [Fact]
    public async Task The_request_is_the_one_of_the_protocol_reference_byte_for_byte()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123));
        using AcmClient client = Clients.With(Clients.Options(server) with { Credential = Clients.Credential }, clock);

        await InTime(client.RemoveAsync(Key));

        ScriptedRequest request = Assert.Single(server.Requests);
        Assert.Equal("POST", request.Method);
        Assert.Equal("/diamond-server/datum.do?method=deleteAllDatums", request.Target);
        Assert.Equal("application/x-www-form-urlencoded; charset=GBK", request.Headers["Content-Type"]);
        Assert.Equal("S7P36cEmOFUPMM2uGkxBpgqO4qI=", request.Headers["Spas-Signature"]);
        Assert.Equal("dataId=app.yml&group=DEFAULT_GROUP&tenant=ns-0001", request.Body);
    }

    [Fact]
    public async Task That_there_was_nothing_is_no_error_because_the_server_does_not_tell()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(200, "text/html;charset=GBK", "true"));
        using AcmClient client = Clients.For(server);

        await InTime(client.RemoveAsync(Key));

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(400, AcmErrorKind.InvalidKey)]
    [InlineData(401, AcmErrorKind.AuthenticationFailed)]
    [InlineData(403, AcmErrorKind.AccessDenied)]
    [InlineData(404, AcmErrorKind.CapabilityMissing)]
    [InlineData(409, AcmErrorKind.Conflict)]
    public async Task R25_an_error_page_is_not_success(int status, AcmErrorKind expected)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Status(status));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.RemoveAsync(Key));

        Assert.Equal(expected, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_login_page_in_place_of_the_answer_is_not_success()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(200, "text/html", "<html>Sign in</html>"));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.RemoveAsync(Key));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
    }

    [Theory]
    [MemberData(nameof(LostAnswerTests.LostAnswers), MemberType = typeof(LostAnswerTests))]
    public async Task A_lost_answer_is_read_back_and_what_is_gone_is_not_removed_twice(string fault)
    {
        await using var server = new ScriptedServer(request => request.IsRemove ? RotationTests.Fault(fault) : ScriptedReply.Missing);
        var clock = new PauselessClock();
        using AcmClient client = Clients.With(Clients.Options(server), clock);

        Task remove = client.RemoveAsync(Key);
        await server.NextRequestAsync();
        if (fault is "hang" or "drip") clock.Advance(AcmClientOptions.DefaultTryTimeout);
        await InTime(remove);

        Assert.Equal(["POST", "GET"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task After_a_lost_answer_what_is_still_there_is_removed_again()
    {
        int removed = 0;
        await using var server = new ScriptedServer(request =>
            !request.IsRemove ? ScriptedReply.Content("v") : Interlocked.Increment(ref removed) == 1 ? ScriptedReply.Reset : ScriptedReply.Ok);
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        await InTime(client.RemoveAsync(Key));

        Assert.Equal(["POST", "GET", "POST"], server.Requests.Select(request => request.Method));
    }

    [Fact]
    public async Task On_a_condition_the_value_is_compared_here_and_by_the_server()
    {
        await using var server = new ScriptedServer(request => request.IsRemove ? ScriptedReply.Ok : ScriptedReply.Content("hello"));
        using AcmClient client = Clients.For(server);

        await InTime(client.RemoveAsync(Key, Md5OfHello, call: null, TestContext.Current.CancellationToken));

        Assert.Equal(["GET", "POST"], server.Requests.Select(request => request.Method));
        Assert.Equal($"dataId=app.yml&group=DEFAULT_GROUP&tenant=ns-0001&md5={Md5OfHello}", server.Requests.Last().Body);
    }

    [Theory]
    [InlineData("other", 200)]
    [InlineData("hello", 409)]
    public async Task Another_value_than_the_expected_one_is_a_conflict_and_stays(string content, int answer)
    {
        int reads = 0;
        await using var server = new ScriptedServer(request => request.IsRemove
            ? ScriptedReply.Status(answer)
            : ScriptedReply.Content(Interlocked.Increment(ref reads) == 1 ? content : "other"));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.RemoveAsync(Key, Md5OfHello, call: null, TestContext.Current.CancellationToken));

        Assert.Equal(AcmErrorKind.Conflict, error.Kind);
        Assert.Equal(answer == 409 ? 1 : 0, server.Requests.Count(request => request.IsRemove));
    }

    [Fact]
    public async Task On_a_condition_what_is_gone_already_is_done()
    {
        await using var server = new ScriptedServer(request => request.IsRemove ? ScriptedReply.Status(409) : ScriptedReply.Missing);
        using AcmClient client = Clients.For(server);

        await InTime(client.RemoveAsync(Key, Md5OfHello, call: null, TestContext.Current.CancellationToken));

        Assert.DoesNotContain(server.Requests, request => request.IsRemove);
    }

    [Fact]
    public async Task S3_a_key_that_would_leave_its_folder_is_refused_before_anything_is_sent()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(client.RemoveAsync(new ConfigKey("app.yml", "..")));

        Assert.Equal(AcmErrorKind.InvalidKey, error.Kind);
        Assert.Empty(server.Requests);
    }

    private static Task InTime(Task work) => work.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
}
