using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>One store: what is published in one dialect is read, listed, watched and removed in each other one.</summary>
public sealed class DialectsTests
{
    private const string Text = "a: 中文";
    private const string GbkText = "a%3A%20%D6%D0%CE%C4";
    private const string Utf8Text = "a%3A%20%E4%B8%AD%E6%96%87";

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (string from in Spoken.Keys)
            {
                foreach (string to in Spoken.Keys) pairs.Add(from, to);
            }

            return pairs;
        }
    }

    private static Dictionary<string, Dialect> Spoken { get; } = new()
    {
        ["acm"] = new(
            Publish: "POST /diamond-server/basestone.do?method=syncUpdateAll dataId=a&group=G&tenant=ns&content=" + GbkText,
            Read: "GET /diamond-server/config.co?dataId=a&group=G&tenant=ns",
            List: "GET /diamond-server/basestone.do?method=getAllConfigByTenant&tenant=ns",
            Remove: "POST /diamond-server/datum.do?method=deleteAllDatums dataId=a&group=G&tenant=ns",
            Poll: "/diamond-server/config.co", PollHeader: "longPullingTimeout: 30000", PollField: "Probe-Modify-Request"),
        ["v1"] = new(
            Publish: "POST /nacos/v1/cs/configs dataId=a&group=G&tenant=ns&content=" + Utf8Text,
            Read: "GET /nacos/v1/cs/configs?dataId=a&group=G&tenant=ns",
            List: "GET /nacos/v1/cs/configs?search=accurate&dataId=&group=&tenant=ns&pageNo=1&pageSize=10",
            Remove: "DELETE /nacos/v1/cs/configs?dataId=a&group=G&tenant=ns",
            Poll: "/nacos/v1/cs/configs/listener", PollHeader: "Long-Pulling-Timeout: 30000", PollField: "Listening-Configs"),
        ["v2"] = new(
            Publish: "POST /nacos/v2/cs/config dataId=a&group=G&namespaceId=ns&content=" + Utf8Text,
            Read: "GET /nacos/v2/cs/config?dataId=a&group=G&namespaceId=ns",
            List: "GET /nacos/v2/cs/config/searchDetail?search=accurate&dataId=&group=&tenant=ns&config_detail=&pageNo=1&pageSize=10",
            Remove: "DELETE /nacos/v2/cs/config?dataId=a&group=G&namespaceId=ns",
            Poll: "/nacos/v1/cs/configs/listener", PollHeader: "Long-Pulling-Timeout: 30000", PollField: "Listening-Configs"),
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_one_dialect_publishes_another_reads_lists_watches_and_removes(string from, string to)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.Two });
        Dialect writer = Spoken[from];
        Dialect reader = Spoken[to];
        using RawHttp poll = await RawHttp.ConnectAsync(server.Uri);
        await poll.WriteAsync($"POST {reader.Poll} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n{reader.PollHeader}", $"{reader.PollField}=a%02G%02%02ns%01");
        await server.WaitForHangingPollsAsync(1);

        RawResponse published = await SendAsync(server, writer.Publish);
        RawResponse told = await poll.ReadAsync();
        RawResponse read = await SendAsync(server, reader.Read);
        RawResponse listed = await SendAsync(server, reader.List);
        RawResponse removed = await SendAsync(server, reader.Remove);
        RawResponse gone = await SendAsync(server, writer.Read);

        Assert.Equal((200, 200, 200, 200, 404), (published.Status, read.Status, listed.Status, removed.Status, gone.Status));
        Assert.Equal("a%02G%02ns%01\n", told.Text);
        string bytes = Convert.ToHexStringLower(read.Body);
        Assert.Contains(to == "acm" ? "613a20d6d0cec4" : "613a20e4b8ade69687", bytes, StringComparison.Ordinal);
        Assert.Equal(to == "acm" ? Md5("a: "u8.ToArray().Concat(Convert.FromHexString("d6d0cec4")).ToArray()) : Md5(System.Text.Encoding.UTF8.GetBytes(Text)), read.Header("Content-MD5"));
        Assert.Contains("\"totalCount\":1,", listed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_GBK_cannot_hold_is_readable_in_Nacos_and_a_clear_error_in_ACM()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await SendAsync(server, "POST /nacos/v1/cs/configs dataId=a&group=DEFAULT_GROUP&tenant=ns-0001&content=%F0%9F%98%80");

        RawResponse nacos = await SendAsync(server, "GET /nacos/v1/cs/configs?dataId=a&group=DEFAULT_GROUP&tenant=ns-0001");
        RawResponse acm = await server.GetAsync("a");

        Assert.Equal((200, "f09f9880"), (nacos.Status, Convert.ToHexStringLower(nacos.Body)));
        Assert.Equal(500, acm.Status);
        Assert.Contains("GBK", acm.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_generation_there_is_no_Nacos()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = null });

        RawResponse answer = await SendAsync(server, "GET /nacos/v1/cs/configs?dataId=a&group=G");

        Assert.Equal((404, "no such path\n"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("acm")]
    [InlineData("v1")]
    public async Task At_a_stop_a_hanging_poll_is_answered_that_nothing_changed(string dialect)
    {
        RunningServer server = await RunningServer.StartAsync();
        Dialect reader = Spoken[dialect];
        using RawHttp poll = await RawHttp.ConnectAsync(server.Uri);
        await poll.WriteAsync($"POST {reader.Poll} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n{reader.PollHeader}", $"{reader.PollField}=a%02G%02%02ns%01");
        await server.WaitForHangingPollsAsync(1);

        await server.DisposeAsync();
        RawResponse answer = await poll.ReadAsync();

        Assert.Equal((200, ""), (answer.Status, answer.Text));
    }

    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(bytes));

    private static Task<RawResponse> SendAsync(RunningServer server, string request)
    {
        string[] parts = request.Split(' ', 3);
        return parts.Length > 2
            ? RawHttp.SendAsync(server.Uri, $"{parts[0]} {parts[1]} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded", parts[2])
            : RawHttp.SendAsync(server.Uri, $"{parts[0]} {parts[1]} HTTP/1.1");
    }

    private sealed record Dialect(string Publish, string Read, string List, string Remove, string Poll, string PollHeader, string PollField);
}
