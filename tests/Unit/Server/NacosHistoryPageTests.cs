using System.Text.Json;
using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>Nacos 1 pages through the history of formal versions only.</summary>
public sealed class NacosHistoryPageTests : IDisposable
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Configs = "/nacos/v1/cs/configs";

    private readonly string _folder = Directory.CreateTempSubdirectory("acm-history-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("One", false, new[] { "U", "U", "I" })]
    [InlineData("One", true, new[] { "U", "U", "I" })]
    [InlineData("Two", false, new[] { "U", "I", "U", "I", "I" })]
    [InlineData("Two", true, new[] { "U", "I", "U", "I", "I" })]
    public async Task The_pages_together_have_each_change_once(string generation, bool inFile, string[] operations)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with
        {
            NacosGeneration = Enum.Parse<Generation>(generation),
            DataFile = inFile ? Path.Combine(_folder, "acm.db") : null,
        });
        foreach ((string content, string header) in new[] { ("1", "x: y"), ("b1", "betaIps: 192.0.2.1"), ("2", "x: y"), ("t1", "x: y"), ("3", "x: y") })
        {
            await RawHttp.PostAsync(server.Uri, Configs, $"dataId=a&group=g&content={content}{(content == "t1" ? "&tag=t" : "")}", Form, header);
        }

        var shown = new List<string>();
        for (int page = 1; page <= (operations.Length + 1) / 2; page++)
        {
            RawResponse answer = await RawHttp.GetAsync(server.Uri, $"/nacos/v1/cs/history?search=accurate&dataId=a&group=g&pageNo={page}&pageSize=2");
            using var document = JsonDocument.Parse(answer.Body);
            Assert.Equal(operations.Length, document.RootElement.GetProperty("totalCount").GetInt32());
            shown.AddRange(document.RootElement.GetProperty("pageItems").EnumerateArray().Select(item => item.GetProperty("opType").GetString()!.Trim()));
        }

        Assert.Equal(operations, shown);
    }
}
