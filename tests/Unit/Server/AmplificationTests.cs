using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using Acm.Server.Dialects.Nacos;
using Acm.Server.Storage;
using Acm.Tests.Support;
using ServerJson = Acm.Server.Http.Json;

namespace Acm.Tests.Server;

/// <summary>A request must not make the server send or hold more than the largest single response.</summary>
public class AmplificationTests
{
    private const string Batch = "/diamond-server/config.co?method=batchGetConfig";

    [Theory]
    [InlineData(Batch)]
    [InlineData("/diamond-server/admin.do?method=batchQuery")]
    public async Task A_key_that_is_asked_for_a_thousand_times_is_answered_once(string route)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a", new string('x', 50_000));
        string repeated = string.Join("%02", Enumerable.Repeat("a", 1_000));

        RawResponse one = await RawHttp.PostAsync(server.Uri, route, "dataIds=a&group=DEFAULT_GROUP&tenant=ns-0001");
        RawResponse thousand = await RawHttp.PostAsync(server.Uri, route, $"dataIds={repeated}&group=DEFAULT_GROUP&tenant=ns-0001");

        Assert.Equal(200, one.Status);
        Assert.Equal(one.Text, thousand.Text);
    }

    [Theory]
    [InlineData("longPullingTimeout: 30000")]
    [InlineData("Client-Version: 2.0.4")]
    [InlineData("Client-Version: 1.0.0")]
    public async Task A_key_that_is_polled_ten_thousand_times_is_answered_once(string header)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a", "1");
        string repeated = string.Concat(Enumerable.Repeat("a%02DEFAULT_GROUP%02%02ns-0001%01", 10_000));

        RawResponse answer = await RawHttp.PostAsync(server.Uri, "/diamond-server/config.co", $"Probe-Modify-Request={repeated}", header);

        string list = answer.Text.Length > 0 ? answer.Text.Trim() : answer.Header("Probe-Modify-Response-New")!;
        Assert.Equal("a%02DEFAULT_GROUP%02ns-0001%01", list);
    }

    [Fact]
    public async Task A_batch_gives_up_at_its_limit_and_names_the_rest_as_keys_to_ask_for_singly()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxContentBytes = 6 * 1024 * 1024 });
        foreach (string name in new[] { "a", "b", "c" }) await server.PublishAsync(name, new string('x', 6 * 1024 * 1024));
        await server.PublishAsync("d", "small");
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["dataIds"] = "a\u0002b\u0002c\u0002d", ["group"] = "DEFAULT_GROUP", ["tenant"] = "ns-0001" });

        using HttpResponseMessage answer = await http.PostAsync(new Uri(server.Uri, Batch), form);
        JsonElement items = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(412, (int)answer.StatusCode);
        Assert.Equal([1, 1, -1, 1], items.EnumerateArray().Select(item => item.GetProperty("status").GetInt32()));
        Assert.Equal([6 * 1024 * 1024, 6 * 1024 * 1024, 0, 5], items.EnumerateArray().Select(item => item.GetProperty("content").GetString()?.Length ?? 0));
    }

    [Fact]
    public async Task A_configuration_that_a_Nacos_export_names_a_hundred_times_is_in_it_once()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.Two });
        await server.PublishAsync("a", "1");
        string id = await IdAsync(server, "a");

        RawResponse answer = await RawHttp.GetAsync(server.Uri, $"/nacos/v1/cs/configs?exportV2=true&tenant=ns-0001&ids={string.Join(',', Enumerable.Repeat(id, 100))}");
        using var zip = new ZipArchive(new MemoryStream(answer.Body));

        Assert.Equal(["DEFAULT_GROUP/a", ".metadata.yml"], zip.Entries.Select(entry => entry.FullName));
    }

    [Theory]
    [InlineData("/nacos/v1/cs/configs?search=accurate&dataId=&group=&tenant=ns-0001&pageNo=1&pageSize=", "smaller pageSize")]
    [InlineData("/nacos/v1/cs/configs?search=blur&dataId=*&group=*&tenant=ns-0001&pageNo=1&pageSize=", "smaller pageSize")]
    [InlineData("/nacos/v2/cs/config/searchDetail?search=blur&dataId=&group=&tenant=ns-0001&config_detail=&pageNo=1&pageSize=", "smaller pageSize")]
    [InlineData("/nacos/v1/cs/configs?clone=true&tenant=public&policy=ABORT", "clone fewer")]
    public async Task A_Nacos_answer_that_would_be_too_large_is_refused_before_anything_is_read(string route, string advice)
    {
        const int Bytes = 11 * 1024 * 1024;
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxContentBytes = Bytes, NacosGeneration = Generation.Two });
        foreach (string name in new[] { "a", "b", "c" }) Assert.Equal(200, (await server.PublishAsync(name, new string('x', Bytes))).Status);
        bool isPage = route.EndsWith('=') && route.Contains("pageSize", StringComparison.Ordinal);

        RawResponse answer;
        if (route.Contains("clone", StringComparison.Ordinal))
        {
            string id = await IdAsync(server, "a");
            string body = $"[{string.Join(',', Enumerable.Range(0, 3).Select(i => $$"""{"cfgId":"{{id}}","dataId":"n{{i}}","group":"G"}"""))}]";
            answer = await RawHttp.PostAsync(server.Uri, route, body, "Content-Type: application/json");
        }
        else
        {
            answer = await RawHttp.GetAsync(server.Uri, isPage ? route + "10" : route);
        }

        Assert.Equal(400, answer.Status);
        Assert.Contains(advice, answer.Text, StringComparison.Ordinal);
        if (isPage) Assert.Equal(200, (await RawHttp.GetAsync(server.Uri, route + "2")).Status);
    }

    [Theory]
    [InlineData("Two", "/nacos/v1/cs/configs?exportV2=true&tenant=ns&group=&appName=&ids=")]
    [InlineData("Two", "/nacos/v1/cs/configs?export=true&tenant=ns&group=&appName=&ids=")]
    [InlineData("Three", "/nacos/v3/admin/cs/config/export?namespaceId=ns&ids=")]
    public async Task An_export_of_any_size_is_sent_as_it_is_written(string generation, string route)
    {
        const int Bytes = 11 * 1024 * 1024;
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxContentBytes = Bytes, NacosGeneration = Enum.Parse<Generation>(generation) });
        foreach (string name in new[] { "a", "b", "c", "d" }) Assert.Equal(200, (await server.PublishAsync(name, new string('x', Bytes), tenant: "ns")).Status);

        RawResponse answer = await RawHttp.GetAsync(server.Uri, route);

        using var zip = new ZipArchive(new MemoryStream(answer.Body));
        Assert.Equal("chunked", answer.Header("Transfer-Encoding"));
        Assert.Equal([Bytes, Bytes, Bytes, Bytes], zip.Entries.Where(entry => entry.Name.Length == 1).Select(entry => (int)entry.Length));
    }

    [Theory]
    [InlineData("POST " + Batch, 25_000_000)]
    [InlineData("GET /nacos/v1/cs/configs?search=accurate&dataId=&group=&pageNo=1&pageSize=100", 15_000_000)]
    [InlineData("GET /nacos/v2/cs/config/searchDetail?search=blur&dataId=&group=&config_detail=&pageNo=1&pageSize=100", 15_000_000)]
    public async Task Twenty_large_answers_that_nobody_reads_hold_less_than_two_of_them(string request, int leastBytes)
    {
        if (!OperatingSystem.IsLinux()) return;

        const int Keys = 100;
        const int Requests = 20;
        await using AcmServerProcess server = await AcmServerProcess.StartAsync("--nacos-generation", "2");
        string content = string.Concat(Enumerable.Repeat("%D6%D0", 50_000));
        for (int i = 0; i < Keys; i++)
        {
            RawResponse published = await RawHttp.PostAsync(server.Uri, "/diamond-server/basestone.do?method=syncUpdateAll", $"dataId=k{i}&group=G&content={content}");
            Assert.Equal(200, published.Status);
        }

        string names = string.Join("%02", Enumerable.Range(0, Keys).Select(i => $"k{i}"));
        string body = request.StartsWith("POST", StringComparison.Ordinal) ? $"dataIds={names}&group=G" : "";
        long answerBytes = (await RawHttp.SendAsync(server.Uri, request + " HTTP/1.1", body)).Body.LongLength;
        long before = Memory(server.Id, "VmRSS:");

        var connections = new List<RawHttp>();
        for (int i = 0; i < Requests; i++)
        {
            connections.Add(await RawHttp.ConnectAsync(server.Uri));
            await connections[i].WriteAsync(request + " HTTP/1.1", body);
        }

        foreach (RawHttp connection in connections) await connection.WaitForAnswerAsync();
        RawResponse health = await RawHttp.GetAsync(server.Uri, "/health");
        long peak = Memory(server.Id, "VmHWM:");
        connections.ForEach(connection => connection.Dispose());

        Assert.Equal(200, health.Status);
        Assert.InRange(answerBytes, leastBytes, 40_000_000);
        TestContext.Current.SendDiagnosticMessage($"answer {answerBytes / 1_000_000} MB, before {before / 1_000_000} MB, peak {peak / 1_000_000} MB");
        Assert.InRange(peak - before, 0, 2 * answerBytes);
    }

    [Fact]
    public void Every_two_bytes_decode_to_a_name_that_a_list_can_carry()
    {
        for (int first = 0; first < 256; first++)
        {
            for (int second = 0; second < 256; second++)
            {
                string name = Charsets.DecodeName([(byte)first, (byte)second]);
                ServerJson.Write(json => json.WriteStringValue(name));
            }
        }

        foreach (byte[] surrogate in new byte[][] { [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0x61, 0xED, 0xA0, 0x80, 0x62] })
        {
            string name = Charsets.DecodeName(surrogate);
            ServerJson.Write(json => json.WriteStringValue(name));
        }
    }

    [Fact]
    public void Content_is_found_to_be_text_in_parts_as_it_is_in_one()
    {
        var random = new Random(936);
        for (int i = 0; i < 3_000; i++)
        {
            byte[] content = new byte[random.Next(0, 5_000)];
            for (int at = 0; at < content.Length; at++) content[at] = (byte)(i % 3 == 0 ? random.Next(0xB0, 0xF7) : random.Next(0x20, 0x7F));
            if (i % 2 == 0 && content.Length > 0) content[random.Next(content.Length)] = (byte)random.Next(256);

            foreach (string charset in new[] { Charsets.Gbk, Charsets.Utf8 })
                Assert.Equal(Charsets.TryDecodeContent(content, charset) is not null, Charsets.IsText(content, charset));
        }
    }

    private static async Task<string> IdAsync(RunningServer server, string dataId)
    {
        RawResponse page = await RawHttp.GetAsync(server.Uri, $"/nacos/v1/cs/configs?search=accurate&dataId={dataId}&group=DEFAULT_GROUP&tenant=ns-0001&pageNo=1&pageSize=1");
        using var document = JsonDocument.Parse(page.Body);
        return document.RootElement.GetProperty("pageItems")[0].GetProperty("id").GetString()!;
    }

    private static long Memory(int process, string field)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(text => text.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
