using System.Text.Json;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

public class ListTests
{
    [Fact]
    public async Task A_namespace_of_one_is_listed_byte_for_byte_as_documented()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("app.yml", "1");
        await server.PublishAsync("elsewhere", "1", tenant: "ns-0002");

        RawResponse answer = await RawHttp.GetAsync(
            server.Uri,
            "/diamond-server/basestone.do?pageNo=1&pageSize=200&method=getAllConfigByTenant&tenant=ns-0001");

        Assert.Equal("application/json;charset=UTF-8", answer.Header("Content-Type"));
        Assert.Equal(
            """{"totalCount":1,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"appName":"","dataId":"app.yml","group":"DEFAULT_GROUP"}]}""",
            answer.Text);
    }

    [Fact]
    public async Task Pages_together_are_the_namespace_and_a_page_beyond_the_end_is_empty()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        for (int i = 0; i < 25; i++) await server.PublishAsync($"k{i:00}", "1");

        JsonElement[] pages = await Task.WhenAll(Enumerable.Range(1, 4).Select(page => ListAsync(server, page, 10)));

        Assert.Equal([10, 10, 5, 0], pages.Select(page => page.GetProperty("pageItems").GetArrayLength()));
        Assert.All(pages, page => Assert.Equal((25, 3), (page.GetProperty("totalCount").GetInt32(), page.GetProperty("pagesAvailable").GetInt32())));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => $"k{i:00}"), pages.SelectMany(DataIds));
    }

    [Fact]
    public async Task The_list_follows_what_is_added_and_removed_between_its_pages()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        foreach (string dataId in new[] { "b", "d", "f" }) await server.PublishAsync(dataId, "1");
        await ListAsync(server, 1, 10);

        await server.RemoveAsync("d");
        await server.PublishAsync("a", "1");
        await server.PublishAsync("e", "1");
        await server.RemoveAsync("e");
        await server.PublishAsync("e", "2");
        JsonElement page = await ListAsync(server, 1, 10);

        Assert.Equal(["a", "b", "e", "f"], DataIds(page));
    }

    [Fact]
    public async Task Chinese_names_and_labels_are_listed_in_pure_ASCII()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("%E6%95%B0%E6%8D%AE", "1", "&appName=%E5%88%86%E7%BB%84");

        RawResponse answer = await RawHttp.GetAsync(server.Uri, "/diamond-server/basestone.do?method=getAllConfigByTenant&tenant=ns-0001");
        JsonElement item = JsonDocument.Parse(answer.Body).RootElement.GetProperty("pageItems")[0];

        Assert.All(answer.Body, b => Assert.InRange(b, 0, 0x7f));
        Assert.Equal(("数据", "分组"), (item.GetProperty("dataId").GetString(), item.GetProperty("appName").GetString()));
    }

    [Theory]
    [InlineData("pageNo=0&pageSize=1")]
    [InlineData("pageNo=-1&pageSize=1")]
    [InlineData("pageNo=x")]
    [InlineData("pageSize=0")]
    [InlineData("pageSize=100000")]
    [InlineData("tenant=..")]
    public async Task A_page_that_cannot_be_is_400(string query)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.GetAsync(server.Uri, "/diamond-server/basestone.do?method=getAllConfigByTenant&" + query);

        Assert.Equal(400, answer.Status);
    }

    private static async Task<JsonElement> ListAsync(RunningServer server, int page, int size)
    {
        RawResponse answer = await RawHttp.GetAsync(
            server.Uri,
            $"/diamond-server/basestone.do?method=getAllConfigByTenant&tenant=ns-0001&pageNo={page}&pageSize={size}");
        return JsonDocument.Parse(answer.Body).RootElement;
    }

    private static IEnumerable<string?> DataIds(JsonElement page) =>
        page.GetProperty("pageItems").EnumerateArray().Select(item => item.GetProperty("dataId").GetString());
}
