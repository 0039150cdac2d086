using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>Unsigned polls that an option allows must not reveal contents.</summary>
public class UnsignedPollTests
{
    private const string AccessKey = "ak-test-0001";
    private const string Wrong = "00000000000000000000000000000000";

    [Theory]
    [InlineData("longPullingTimeout: 30000", "a%02G%02%01")]
    [InlineData("longPullingTimeout: 30000\nlongPullingNoHangUp: true", "a%02G%02%01")]
    [InlineData("", "a%02G%02%01")]
    public async Task With_keys_no_poll_is_answered_without_a_signature(string header, string probe)
    {
        await using RunningServer server = await StartAsync(allowsUnsigned: false);

        Assert.Equal(403, (await PollAsync(server, header, probe)).Status);
    }

    [Theory]
    [InlineData("", "a%02G%02%01", 403)]
    [InlineData("longPullingTimeout: 30000\nlongPullingNoHangUp: true", "a%02G%02%01", 403)]
    [InlineData("longPullingTimeout: 30000", "a%02G%021%01a%02G%022%01", 400)]
    public async Task Short_polls_and_repeated_keys_are_refused_where_unsigned_polls_are_allowed(string header, string probe, int status)
    {
        await using RunningServer server = await StartAsync();

        Assert.Equal(status, (await PollAsync(server, header, probe)).Status);
    }

    [Fact]
    public async Task A_hundred_keys_are_the_most_without_a_signature()
    {
        await using RunningServer server = await StartAsync();

        RawResponse answer = await PollAsync(server, "longPullingTimeout: 30000", string.Concat(Enumerable.Range(0, 101).Select(i => $"k{i}%02G%02%01")));

        Assert.Equal(400, answer.Status);
    }

    [Fact]
    public async Task One_wrong_guess_a_second_is_answered_and_the_next_hangs_as_a_right_one_does()
    {
        await using RunningServer server = await StartAsync();
        RawResponse guess = await PollAsync(server, "longPullingTimeout: 30000", $"a%02G%02{Wrong}%01");

        using RawHttp next = await HangAsync(server, $"a%02G%02{Wrong}%01");
        RawResponse other = await PollAsync(server, "longPullingTimeout: 30000", $"b%02G%02{Wrong}%01");

        Assert.Equal(("a%02G%01\n", "b%02G%01\n"), (guess.Text, other.Text));
        Assert.True(next.IsSilent);
    }

    private static Task<RunningServer> StartAsync(bool allowsUnsigned = true) => RunningServer.StartAsync(
        options => options with { AccessKey = AccessKey, SecretKey = "sk-test-secret-0001", AllowUnsignedPolls = allowsUnsigned },
        new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(1)));

    private static string Head(string header) =>
        $"POST /diamond-server/config.co HTTP/1.1\nSpas-AccessKey: {AccessKey}\ntimeStamp: {DateTimeOffset.UnixEpoch.AddDays(1).ToUnixTimeMilliseconds()}\n{header}";

    private static Task<RawResponse> PollAsync(RunningServer server, string header, string probe) =>
        RawHttp.SendAsync(server.Uri, Head(header), "Probe-Modify-Request=" + probe);

    private static async Task<RawHttp> HangAsync(RunningServer server, string probe)
    {
        RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
        await connection.WriteAsync(Head("longPullingTimeout: 30000"), "Probe-Modify-Request=" + probe);
        await server.WaitForHangingPollsAsync(1);
        return connection;
    }
}
