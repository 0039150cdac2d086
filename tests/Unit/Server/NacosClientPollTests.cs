using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

/// <summary>The observed requirements of published Nacos clients for long polls.</summary>
public sealed class NacosClientPollTests
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Configs = "/nacos/v1/cs/configs";
    private const string ValueMd5 = "c4ca4238a0b923820dcc509a6f75849b";

    public static TheoryData<string> Generations => ["One", "Two", "Three"];

    // npm nacos and nacos-sdk-python give up after 40 seconds, nacos-client after 45.
    [Theory]
    [MemberData(nameof(Generations))]
    public async Task A_poll_without_news_ends_half_a_second_before_its_time_and_is_empty(string generation)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await StartAsync(generation, clock);
        using RawHttp poll = await HangAsync(server, "a%02G%02%01");

        clock.Advance(TimeSpan.FromMilliseconds(29_499));
        await server.WaitForHangingPollsAsync(1);
        bool silentBefore = poll.IsSilent;
        clock.Advance(TimeSpan.FromMilliseconds(101));
        RawResponse answer = await poll.ReadAsync();

        Assert.True(silentBefore);
        Assert.Equal((200, ""), (answer.Status, answer.Text));
    }

    // nacos-client 1.4 sends the header once for a new key; npm nacos and nacos-sdk-python never send it.
    [Fact]
    public async Task A_poll_that_must_not_hang_is_answered_at_once()
    {
        await using RunningServer server = await StartAsync("Three");

        RawResponse answer = await RawHttp.PostAsync(server.Uri, Configs + "/listener", "Listening-Configs=a%02G%02%01", Form, "Long-Pulling-Timeout: 30000", "Long-Pulling-Timeout-No-Hangup: true");

        Assert.Equal((200, ""), (answer.Status, answer.Text));
    }

    // Three fields in the public namespace, four in others; nacos-sdk-python 1.x always sends four, the last one empty. npm nacos does not encode spaces as plus signs.
    [Theory]
    [InlineData("a%02G%02x%01", "a%02G%01\n")]
    [InlineData("a%02G%02x%02%01", "a%02G%01\n")]
    [InlineData("a%02G%02x%02ns%01", "a%02G%02ns%01\n")]
    [InlineData("a%02G%02x%02public%01", "a%02G%02public%01\n")]
    [InlineData("a%3Ab%02G%02x%01", "a%3Ab%02G%01\n")]
    public async Task An_answer_names_the_namespace_as_the_client_did_percent_encoded_and_with_a_line_end(string items, string answer)
    {
        await using RunningServer server = await StartAsync("Two");

        RawResponse told = await RawHttp.PostAsync(server.Uri, Configs + "/listener", "Listening-Configs=" + items, Form, "Long-Pulling-Timeout: 30000");

        Assert.Equal((200, answer), (told.Status, told.Text));
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task A_blank_MD5_waits_for_the_creation_and_a_removal_wakes_who_has_the_value(string generation)
    {
        await using RunningServer server = await StartAsync(generation);
        using RawHttp creation = await HangAsync(server, "a%02G%02%01");
        await PublishAsync(server);
        RawResponse created = await creation.ReadAsync();
        await server.WaitForHangingPollsAsync(0);

        using RawHttp removal = await HangAsync(server, $"a%02G%02{ValueMd5}%01");
        await RawHttp.SendAsync(server.Uri, $"DELETE {Configs}?dataId=a&group=G HTTP/1.1");
        RawResponse removed = await removal.ReadAsync();
        await server.WaitForHangingPollsAsync(0);

        using RawHttp again = await HangAsync(server, "a%02G%02%01");
        await PublishAsync(server);
        RawResponse back = await again.ReadAsync();

        Assert.All([created, removed, back], answer => Assert.Equal("a%02G%01\n", answer.Text));
    }

    // nacos-sdk-python 1.x opens a connection for each request, and closes it in the middle of a poll.
    [Fact]
    public async Task A_client_that_hangs_up_is_let_go_of()
    {
        await using RunningServer server = await StartAsync("Three");
        RawHttp poll = await HangAsync(server, "a%02G%02%01");

        poll.Dispose();
        await server.WaitForHangingPollsAsync(0);

        Assert.Equal("true", (await PublishAsync(server)).Text);
    }

    // All clients read at the same time.
    [Theory]
    [InlineData("One", Configs + "?dataId=a&group=G")]
    [InlineData("Two", "/nacos/v2/cs/config?dataId=a&group=G")]
    [InlineData("Three", "/nacos/v3/client/cs/config?dataId=a&groupName=G")]
    public async Task What_a_poll_tells_of_can_be_read(string generation, string read)
    {
        await using RunningServer server = await StartAsync(generation);
        using RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
        for (int i = 0; i < 20; i++)
        {
            using RawHttp poll = await HangAsync(server, $"a%02G%02{(i == 0 ? "" : Md5(i - 1))}%01");

            Task<RawResponse> published = PublishAsync(server, $"value {i}");
            await poll.ReadAsync();
            await connection.WriteAsync($"GET {read} HTTP/1.1");
            RawResponse answer = await connection.ReadAsync();

            Assert.Contains($"value {i}", answer.Text, StringComparison.Ordinal);
            await published;
            await server.WaitForHangingPollsAsync(0);
        }

        static string Md5(int i) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.ASCII.GetBytes($"value {i}")));
    }

    [Theory]
    [InlineData("One", "NaN")]
    [InlineData("Two", "Infinity")]
    [InlineData("Three", "-Infinity")]
    [InlineData("Three", "soon")]
    public async Task A_time_that_is_none_is_a_bad_request(string generation, string time)
    {
        await using RunningServer server = await StartAsync(generation);

        RawResponse answer = await RawHttp.PostAsync(server.Uri, $"{Configs}/listener", "Listening-Configs=a%02G%02%01", Form, "Long-Pulling-Timeout: " + time);
        RawResponse ofAcm = await RawHttp.PostAsync(server.Uri, "/diamond-server/config.co", "Probe-Modify-Request=a%02G%02%01", "longPullingTimeout: " + time);

        Assert.Equal((400, 400), (answer.Status, ofAcm.Status));
    }

    // Names that cannot be stored would use memory while the poll is held.
    [Theory]
    [InlineData("One")]
    [InlineData("Two")]
    [InlineData("Three")]
    public async Task A_name_of_a_million_characters_neither_hangs_nor_is_stored(string generation)
    {
        await using RunningServer server = await StartAsync(generation);
        string name = new('n', 1_000_000);

        RawResponse polled = await RawHttp.PostAsync(server.Uri, $"{Configs}/listener", $"Listening-Configs={name}%02G%02%01", Form, "Long-Pulling-Timeout: 30000");
        RawResponse published = await RawHttp.PostAsync(server.Uri, Configs, $"dataId={name}&group=G&content=1", Form);

        Assert.InRange(polled.Status, 400, 500);
        Assert.InRange(published.Status, 400, 500);
    }

    // nacos-client 3 sends "public", others send no namespace.
    [Theory]
    [InlineData("One", "", "public")]
    [InlineData("Two", "", "public")]
    [InlineData("Two", "public", "")]
    [InlineData("Three", "", "public")]
    [InlineData("Three", "public", "")]
    public async Task Public_and_blank_are_one_namespace_for_who_publishes_and_who_waits(string generation, string publisher, string waiter)
    {
        await using RunningServer server = await StartAsync(generation);
        using RawHttp poll = await HangAsync(server, $"a%02G%02%02{waiter}%01");

        await RawHttp.PostAsync(server.Uri, Configs, $"dataId=a&group=G&content=1&tenant={publisher}", Form);
        RawResponse told = await poll.ReadAsync();
        RawResponse read = await RawHttp.GetAsync(server.Uri, $"{Configs}?dataId=a&group=G&tenant={waiter}");

        Assert.Equal(waiter.Length > 0 ? "a%02G%02public%01\n" : "a%02G%01\n", told.Text);
        Assert.Equal("1", read.Text);
    }

    private static Task<RawResponse> PublishAsync(RunningServer server, string content = "1") =>
        RawHttp.PostAsync(server.Uri, Configs, $"dataId=a&group=G&content={Uri.EscapeDataString(content)}", Form);

    private static async Task<RawHttp> HangAsync(RunningServer server, string items)
    {
        RawHttp connection = await RawHttp.ConnectAsync(server.Uri);
        await connection.WriteAsync($"POST {Configs}/listener HTTP/1.1\n{Form}\nLong-Pulling-Timeout: 30000", "Listening-Configs=" + items);
        await server.WaitForHangingPollsAsync(1);
        return connection;
    }

    private static Task<RunningServer> StartAsync(string generation, TimeProvider? clock = null) =>
        RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(generation) }, clock);
}
