using System.Text.Json;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

public class BatchTests
{
    [Fact]
    public async Task Batch_get_answers_in_the_order_asked_what_is_there_and_what_is_not()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a.yml", "test%D6%D0%CE%C4", "&encryptedDataKey=key1");

        RawResponse answer = await RawHttp.PostAsync(
            server.Uri,
            "/diamond-server/config.co?method=batchGetConfig",
            "dataIds=b.yml%02a.yml&group=DEFAULT_GROUP&tenant=ns-0001",
            "exconfiginfo: true");
        JsonElement items = JsonDocument.Parse(answer.Body).RootElement;

        Assert.Equal((200, 2), (answer.Status, items.GetArrayLength()));
        Assert.All(answer.Body, b => Assert.InRange(b, 0, 0x7f));
        Assert.Equal(("b.yml", null, 2, "config not exits"), Item(items[0]));
        Assert.Equal(("a.yml", "test中文", 1, "config exits"), Item(items[1]));
        Assert.Equal("5cd914f0368da5d45cfc6fe9d00299e8", items[1].GetProperty("md5").GetString());
        Assert.Equal("key1", items[1].GetProperty("encryptedDataKey").GetString());
    }

    [Theory]
    [InlineData("%FF")]
    [InlineData("a%D6")]
    [InlineData("%94%39%FC%36")]
    public async Task Bytes_that_are_no_text_are_an_error_of_that_item_and_412(string content)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("good", "1");
        await server.PublishAsync("bad", content);

        RawResponse answer = await RawHttp.PostAsync(
            server.Uri,
            "/diamond-server/config.co?method=batchGetConfig",
            "dataIds=good%02bad&group=DEFAULT_GROUP&tenant=ns-0001");
        JsonElement items = JsonDocument.Parse(answer.Body).RootElement;

        Assert.Equal(412, answer.Status);
        Assert.Equal(("good", "1", 1, "config exits"), Item(items[0]));
        Assert.Equal(("bad", null, -1, "get config dump error"), Item(items[1]));
    }

    [Fact]
    public async Task Batch_get_without_names_is_400_and_without_a_group_asks_the_default_one()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a", "1", tenant: "");

        RawResponse noNames = await RawHttp.PostAsync(server.Uri, "/diamond-server/config.co?method=batchGetConfig", "dataIds=&group=G");
        RawResponse noGroup = await RawHttp.PostAsync(server.Uri, "/diamond-server/config.co?method=batchGetConfig", "dataIds=a");

        Assert.Equal((400, "invalid dataIds\n"), (noNames.Status, noNames.Text));
        Assert.Equal(1, JsonDocument.Parse(noGroup.Body).RootElement[0].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Batch_query_has_its_own_words_and_is_500_without_names_or_group()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a", "1");

        RawResponse answer = await RawHttp.PostAsync(
            server.Uri,
            "/diamond-server/admin.do?method=batchQuery",
            "dataIds=a%02%02c&group=DEFAULT_GROUP&tenant=ns-0001");
        RawResponse noGroup = await RawHttp.PostAsync(server.Uri, "/diamond-server/admin.do?method=batchQuery", "dataIds=a");
        JsonElement items = JsonDocument.Parse(answer.Body).RootElement;

        Assert.Equal((200, 500), (answer.Status, noGroup.Status));
        Assert.Equal(("a", "1", 1, "query success"), Item(items[0]));
        Assert.Equal(("", null, -1, "dataId is blank"), Item(items[1]));
        Assert.Equal(("c", null, 2, "query data does not exist"), Item(items[2]));
    }

    private static (string?, string?, int, string?) Item(JsonElement item) => (
        item.GetProperty("dataId").GetString(),
        item.GetProperty("content").GetString(),
        item.GetProperty("status").GetInt32(),
        item.GetProperty("message").GetString());
}
