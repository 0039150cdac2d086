using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>A configuration that is published in one dialect can be read, listed, watched and removed in the others.</summary>
public sealed class DialectsTests : IDisposable
{
    private const string Text = "a: 中文";
    private const string GbkText = "a%3A%20%D6%D0%CE%C4";
    private const string Utf8Text = "a%3A%20%E4%B8%AD%E6%96%87";
    private const string V3Configs = "/nacos/v3/admin/cs/config";

    private readonly string _folder = Directory.CreateTempSubdirectory("acm-dialects-").FullName;

    /// <summary>Gets the pairs of dialects of each generation.</summary>
    public static TheoryData<string, string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string, string>();
            foreach ((Generation generation, string[] spoken) in Spoken)
            {
                foreach (string from in spoken)
                {
                    foreach (string to in spoken) pairs.Add(generation.ToString(), from, to);
                }
            }

            return pairs;
        }
    }

    private static Dictionary<Generation, string[]> Spoken { get; } = new()
    {
        [Generation.One] = ["acm", "v1"],
        [Generation.Two] = ["acm", "v1", "v2"],
        [Generation.Three] = ["acm", "v1", "v3"],
        [Generation.ThreeTwo] = ["acm", "v3"],
    };

    private string DataFile => Path.Combine(_folder, "acm.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_one_dialect_publishes_another_reads_lists_watches_and_removes(string generation, string from, string to)
    {
        await using RunningServer server = await StartAsync(generation);
        Dialect writer = DialectOf(from, generation);
        Dialect reader = DialectOf(to, generation);
        using RawHttp poll = await HangAsync(server, reader);

        RawResponse published = await SendAsync(server, writer.Publish);
        RawResponse told = await poll.ReadAsync();
        RawResponse read = await SendAsync(server, reader.Read);
        RawResponse listed = await SendAsync(server, reader.List);
        RawResponse removed = await SendAsync(server, reader.Remove);
        RawResponse gone = await SendAsync(server, writer.Read);

        Assert.Equal((200, 200, 200, 200, 404), (published.Status, read.Status, listed.Status, removed.Status, gone.Status));
        Assert.Equal("a%02G%02ns%01\n", told.Text);
        AssertIsText(read, to);
        Assert.Contains("\"totalCount\":1,", listed.Text, StringComparison.Ordinal);
    }

    /// <summary>Gets the pairs of API versions that no generation has together.</summary>
    [Theory]
    [InlineData("One", "v1", "Two", "v2")]
    [InlineData("One", "v1", "Three", "v3")]
    [InlineData("Two", "v2", "Three", "v3")]
    [InlineData("Two", "v2", "ThreeTwo", "v3")]
    [InlineData("Three", "v3", "Two", "v2")]
    [InlineData("ThreeTwo", "v3", "One", "v1")]
    public async Task What_one_generation_publishes_the_next_start_as_another_reads_lists_and_removes(string generation, string from, string next, string to)
    {
        await using (RunningServer server = await StartAsync(generation, DataFile)) Assert.Equal(200, (await SendAsync(server, DialectOf(from, generation).Publish)).Status);
        Dialect reader = DialectOf(to, next);
        RawResponse read;
        RawResponse listed;
        await using (RunningServer server = await StartAsync(next, DataFile))
        {
            read = await SendAsync(server, reader.Read);
            listed = await SendAsync(server, reader.List);
            Assert.Equal(200, (await SendAsync(server, reader.Remove)).Status);
        }

        await using RunningServer last = await StartAsync(generation, DataFile);
        RawResponse gone = await SendAsync(last, DialectOf(from, generation).Read);

        Assert.Equal((200, 200, 404), (read.Status, listed.Status, gone.Status));
        AssertIsText(read, to);
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
        using RawHttp poll = await HangAsync(server, DialectOf(dialect, nameof(Generation.Three)));

        await server.DisposeAsync();
        RawResponse answer = await poll.ReadAsync();

        Assert.Equal((200, ""), (answer.Status, answer.Text));
    }

    private static Dialect DialectOf(string name, string generation)
    {
        bool hasV1Poll = generation != nameof(Generation.ThreeTwo);
        const string V3List = $"GET {V3Configs}/list?search=accurate&dataId=&groupName=&namespaceId=ns&pageNo=1&pageSize=10";
        var acm = new Dialect(
            Publish: "POST /diamond-server/basestone.do?method=syncUpdateAll dataId=a&group=G&tenant=ns&content=" + GbkText,
            Read: "GET /diamond-server/config.co?dataId=a&group=G&tenant=ns",
            List: "GET /diamond-server/basestone.do?method=getAllConfigByTenant&tenant=ns",
            Remove: "POST /diamond-server/datum.do?method=deleteAllDatums dataId=a&group=G&tenant=ns",
            Poll: "/diamond-server/config.co", PollHeader: "longPullingTimeout: 30000", PollField: "Probe-Modify-Request");
        var v1 = new Dialect(
            Publish: "POST /nacos/v1/cs/configs dataId=a&group=G&tenant=ns&content=" + Utf8Text,
            Read: "GET /nacos/v1/cs/configs?dataId=a&group=G&tenant=ns",
            List: generation == nameof(Generation.Three) ? V3List : "GET /nacos/v1/cs/configs?search=accurate&dataId=&group=&tenant=ns&pageNo=1&pageSize=10",
            Remove: "DELETE /nacos/v1/cs/configs?dataId=a&group=G&tenant=ns",
            Poll: "/nacos/v1/cs/configs/listener", PollHeader: "Long-Pulling-Timeout: 30000", PollField: "Listening-Configs");

        // v2 and v3 have no long poll.
        Dialect waiting = hasV1Poll ? v1 : acm;
        return name switch
        {
            "acm" => acm,
            "v1" => v1,
            "v2" => waiting with
            {
                Publish = "POST /nacos/v2/cs/config dataId=a&group=G&namespaceId=ns&content=" + Utf8Text,
                Read = "GET /nacos/v2/cs/config?dataId=a&group=G&namespaceId=ns",
                List = "GET /nacos/v2/cs/config/searchDetail?search=accurate&dataId=&group=&tenant=ns&config_detail=&pageNo=1&pageSize=10",
                Remove = "DELETE /nacos/v2/cs/config?dataId=a&group=G&namespaceId=ns",
            },
            _ => waiting with
            {
                Publish = $"POST {V3Configs} dataId=a&groupName=G&namespaceId=ns&content=" + Utf8Text,
                Read = $"GET {V3Configs}?dataId=a&groupName=G&namespaceId=ns",
                List = V3List,
                Remove = $"DELETE {V3Configs}?dataId=a&groupName=G&namespaceId=ns",
            },
        };
    }

    private static async Task<RawHttp> HangAsync(RunningServer server, Dialect reader)
    {
        RawHttp poll = await RawHttp.ConnectAsync(server.Uri);
        await poll.WriteAsync($"POST {reader.Poll} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n{reader.PollHeader}", $"{reader.PollField}=a%02G%02%02ns%01");
        await server.WaitForHangingPollsAsync(1);
        return poll;
    }

    private static void AssertIsText(RawResponse read, string dialect)
    {
        byte[] text = dialect == "acm" ? [.. "a: "u8, .. Convert.FromHexString("d6d0cec4")] : System.Text.Encoding.UTF8.GetBytes(Text);
        string md5 = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(text));

        Assert.True(read.Body.AsSpan().IndexOf(text) >= 0, read.Text);
        if (dialect == "v3") Assert.Contains(md5, read.Text, StringComparison.Ordinal);
        else Assert.Equal(md5, read.Header("Content-MD5"));
    }

    private static Task<RunningServer> StartAsync(string generation, string? dataFile = null) =>
        RunningServer.StartAsync(options => options with { NacosGeneration = Enum.Parse<Generation>(generation), DataFile = dataFile });

    private static Task<RawResponse> SendAsync(RunningServer server, string request)
    {
        string[] parts = request.Split(' ', 3);
        return parts.Length > 2
            ? RawHttp.SendAsync(server.Uri, $"{parts[0]} {parts[1]} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded", parts[2])
            : RawHttp.SendAsync(server.Uri, $"{parts[0]} {parts[1]} HTTP/1.1");
    }

    private sealed record Dialect(string Publish, string Read, string List, string Remove, string Poll, string PollHeader, string PollField);
}
