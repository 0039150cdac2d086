using System.Globalization;
using System.Text;
using Acm.Client;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Reading;

public sealed class ListTests
{
    private const string Same = """{"totalCount":300,"pagesAvailable":2000000000,"pageItems":[{"dataId":"a","group":"G"},{"dataId":"b","group":"G"}]}""";

    private const string Sample = """{"totalCount":1,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"appName":"","dataId":"app.yml","group":"DEFAULT_GROUP"}]}""";

    [Fact]
    public async Task The_exchange_is_the_one_of_the_protocol_reference_byte_for_byte()
    {
        await using var server = ScriptedServer.Always(Json(Sample));
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123));
        using AcmClient client = Clients.With(Clients.Options(server) with { Credential = Clients.Credential }, clock);

        ConfigPage page = await Clients.InTime(client.ListPageAsync(1, 200));

        ScriptedRequest request = Assert.Single(server.Requests);
        Assert.Equal("/diamond-server/basestone.do?pageNo=1&pageSize=200&method=getAllConfigByTenant&tenant=ns-0001", request.Target);
        Assert.Equal("hctK7POvYFDzY30i6vgGgANMQX4=", request.Headers["Spas-Signature"]);
        Assert.Equal((1, 1, 1), (page.TotalCount, page.PageNumber, page.PagesAvailable));
        ConfigItem item = Assert.Single(page.Items);
        Assert.Equal(("app.yml", "DEFAULT_GROUP", "ns-0001", ""), (item.DataId, item.Group, item.Namespace, item.AppName));
    }

    [Fact]
    public async Task In_the_blank_namespace_no_tenant_is_sent_and_the_time_alone_is_signed()
    {
        await using var server = ScriptedServer.Always(Json(Sample));
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(1700000000123));
        using AcmClient client = Clients.With(Clients.Options(server) with { Credential = Clients.Credential, Namespace = "" }, clock);

        await Clients.InTime(client.ListPageAsync(1, 1));

        ScriptedRequest request = Assert.Single(server.Requests);
        Assert.DoesNotContain("tenant", request.Target, StringComparison.Ordinal);
        Assert.Equal("eML6YtuiGU4b+M+YkIkDCPqzCyc=", request.Headers["Spas-Signature"]);
    }

    [Fact]
    public async Task F1_every_page_is_read_once_and_the_items_come_in_order()
    {
        await using var server = new ScriptedServer(request => Page(request, Keys(1050)));
        using AcmClient client = Clients.For(server);

        List<ConfigItem> items = await AllAsync(client);

        Assert.Equal(Keys(1050), items.Select(item => item.DataId));
        Assert.Equal([1, 2, 3, 4, 5, 6], server.Requests.Where(request => request.Number("pageSize") == 200).Select(request => request.Number("pageNo")).Order());
    }

    [Fact]
    public async Task An_empty_namespace_has_no_items()
    {
        await using var server = new ScriptedServer(request => Page(request, []));
        using AcmClient client = Clients.For(server);

        Assert.Empty(await AllAsync(client));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_item_that_two_pages_show_comes_once()
    {
        // An insertion moves the last item of page 1 to page 2 between the requests.
        string[] keys = Keys(250);
        await using var server = new ScriptedServer(request => request.Number("pageNo") == 2 ? Page(request, ["new", .. keys], total: 250) : Page(request, keys));
        using AcmClient client = Clients.For(server);

        List<ConfigItem> items = await AllAsync(client);

        Assert.Equal(items.Count, items.Select(item => item.Key).Distinct().Count());
        Assert.Equal(keys, items.Select(item => item.DataId));
    }

    [Fact]
    public async Task A_size_that_changed_meanwhile_has_the_pages_read_again_for_what_was_missed()
    {
        string[] before = Keys(250);
        string[] after = ["a-new", .. before];
        int lists = 0;
        await using var server = new ScriptedServer(request => Page(request, Interlocked.Increment(ref lists) > 1 ? after : before));
        using AcmClient client = Clients.For(server);

        List<ConfigItem> items = await AllAsync(client);

        Assert.Equal([.. before, "a-new"], items.Select(item => item.DataId));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_later_page_that_is_too_large_has_all_pages_read_anew_in_smaller_ones(bool isRefused)
    {
        // A server rejects the page, or its response exceeds the limit.
        ScriptedReply tooLarge = isRefused ? ScriptedReply.Status(413) : ScriptedReply.Bytes("HTTP/1.1 200 X\r\nContent-Length: 17000000\r\n\r\n", ReplyEnd.Close);
        string[] keys = Keys(450);
        await using var server = new ScriptedServer(request => request.Number("pageNo") == 2 && request.Number("pageSize") > 100 ? tooLarge : Page(request, keys));
        using AcmClient client = Clients.For(server);

        List<ConfigItem> items = await AllAsync(client);

        Assert.Equal(keys, items.Select(item => item.DataId));
    }

    [Theory]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData("<html></html>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"pagesAvailable":1,"pageItems":[]}""")]
    [InlineData("""{"totalCount":1,"pagesAvailable":1}""")]
    [InlineData("""{"totalCount":1,"pageItems":[]}""")]
    [InlineData("""{"totalCount":"many","pagesAvailable":1,"pageItems":[]}""")]
    [InlineData("""{"totalCount":99999999999,"pagesAvailable":1,"pageItems":[]}""")]
    [InlineData("""{"totalCount":1,"pagesAvailable":1,"pageItems":{}}""")]
    [InlineData("""{"totalCount":1,"pagesAvailable":1,"pageItems":[{"group":"G"}]}""")]
    [InlineData("""{"totalCount":1,"pagesAvailable":1,"pageItems":[{"dataId":"a"}]}""")]
    [InlineData("""{"totalCount":1,"pagesAvailable":1,"pageItems":[{"dataId":null,"group":"G"}]}""")]
    [InlineData("""{"totalCount":1,"pagesAvailable":1,"pageItems":[{"dataId":"\ud800","group":"G"}]}""")]
    [InlineData("""{"totalCount":1,"pagesAvailable":1,"pageItems":["a"]}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"totalCount":1,"pagesAvailable":1,"pageItems":[""")]
    public async Task What_is_no_list_is_garbled(string body)
    {
        await using var server = ScriptedServer.Always(Json(body));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.ListPageAsync(1, 200));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains(server.Address, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_members_and_numbers_written_as_text_are_taken()
    {
        await using var server = ScriptedServer.Always(Json("""{"totalCount":"1","pagesAvailable":"1","x":[1],"pageItems":[{"dataId":"a","group":"G","id":7,"appName":null}]}"""));
        using AcmClient client = Clients.For(server);

        ConfigPage page = await Clients.InTime(client.ListPageAsync(3, 200));

        Assert.Equal((1, 1, 3), (page.TotalCount, page.PagesAvailable, page.PageNumber));
        Assert.Equal("G/a", page.Items.Single().ToString());
        Assert.Equal("", page.Items.Single().AppName);
    }

    [Theory]
    [InlineData("application/json;charset=UTF-8", "utf-8")]
    [InlineData("application/json;charset=GBK", "gbk")]
    [InlineData("application/json", "utf-8")]
    [InlineData("application/json", "gbk")]
    public async Task Text_is_read_by_its_charset_and_without_one_as_UTF8_or_else_as_GBK(string contentType, string charset)
    {
        byte[] name = charset == "gbk" ? [0xd6, 0xd0, 0xce, 0xc4] : Encoding.UTF8.GetBytes("中文");
        byte[] body = [.. """{"totalCount":1,"pagesAvailable":1,"pageItems":[{"dataId":"a","group":"G","appName":" """u8[..^1], .. name, .. "\"}]}"u8];
        await using var server = ScriptedServer.Always(ScriptedReply.Raw(200, "Content-Type: " + contentType, body));
        using AcmClient client = Clients.For(server);

        ConfigPage page = await Clients.InTime(client.ListPageAsync(1, 200));

        Assert.Equal("中文", page.Items.Single().AppName);
    }

    [Fact]
    public async Task A_page_beyond_the_end_is_empty()
    {
        await using var server = new ScriptedServer(request => Page(request, Keys(3)));
        using AcmClient client = Clients.For(server);

        ConfigPage page = await Clients.InTime(client.ListPageAsync(9, 200));

        Assert.Empty(page.Items);
        Assert.Equal(3, page.TotalCount);
    }

    [Fact]
    public async Task A_false_number_of_pages_does_not_have_the_list_read_without_end()
    {
        await using var server = new ScriptedServer(request => Page(request, Keys(300), pages: int.MaxValue));
        using AcmClient client = Clients.For(server);

        List<ConfigItem> items = await AllAsync(client);

        Assert.Equal(Keys(300), items.Select(item => item.DataId));
    }

    [Theory]
    [InlineData(3, 1000, 5)]
    [InlineData(3, 4, 1)]
    [InlineData(0, 1, 1)]
    [InlineData(250, 251, 2)]
    public async Task A_list_that_counts_more_than_it_shows_each_time_is_an_error(int there, int total, int pages)
    {
        await using var server = new ScriptedServer(request => Page(request, Keys(there), total, pages));
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(AllAsync(client));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains($"counts {total} configurations and lists {there}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_was_incomplete_once_is_read_again()
    {
        int lists = 0;
        await using var server = new ScriptedServer(request => Page(request, Interlocked.Increment(ref lists) == 1 ? Keys(2) : Keys(3), total: 3));
        using AcmClient client = Clients.For(server);

        Assert.Equal(Keys(3), (await AllAsync(client)).Select(item => item.DataId));
    }

    [Fact]
    public async Task A_namespace_that_grows_while_it_is_listed_is_no_error()
    {
        int size = 1;
        await using var server = new ScriptedServer(request => Page(request, Keys(Interlocked.Increment(ref size))));
        using AcmClient client = Clients.For(server);

        Assert.Equal("k00000", (await AllAsync(client))[0].DataId);
    }

    [Fact]
    public async Task The_same_page_for_every_number_is_read_no_more_than_a_few_times()
    {
        await using var server = new ScriptedServer(_ => Json(Same));
        using AcmClient client = Clients.For(server);

        await Record.ExceptionAsync(() => AllAsync(client));

        Assert.InRange(server.Requests.Count, 1, 100);
    }

    [Fact]
    public async Task A_page_with_another_number_than_was_asked_for_is_garbled()
    {
        await using var server = new ScriptedServer(request => request.Number("pageNo") == 1 ? Page(request, Keys(500)) : Json(Same.Replace("\"pagesAvailable\"", "\"pageNumber\":1,\"pagesAvailable\"")));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(AllAsync(client));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("page 1", error.Message);
    }

    [Fact]
    public async Task New_items_without_end_are_an_error_that_says_so()
    {
        await using var server = new ScriptedServer(request =>
        {
            int page = request.Number("pageNo");
            IEnumerable<string> items = Enumerable.Range(page * 200, 200).Select(i => $$"""{"dataId":"k{{i}}","group":"G"}""");
            return Json($$"""{"totalCount":500,"pageNumber":{{page}},"pagesAvailable":2000000000,"pageItems":[{{string.Join(",", items)}}]}""");
        });
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(AllAsync(client));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("does not end", error.Message);
        Assert.InRange(server.Requests.Count, 1, 100);
    }

    [Fact]
    public async Task A_list_that_counts_more_on_each_page_is_an_error_that_says_so()
    {
        await using var server = new ScriptedServer(request =>
        {
            int page = request.Number("pageNo");
            IEnumerable<string> items = Enumerable.Range(page * 200, 200).Select(i => $$"""{"dataId":"k{{i}}","group":"G"}""");
            return Json($$"""{"totalCount":{{(page + 1) * 200}},"pageNumber":{{page}},"pagesAvailable":2000,"pageItems":[{{string.Join(",", items)}}]}""");
        });
        using AcmClient client = Clients.For(server);

        AcmException error = await Clients.FailsAsync(AllAsync(client));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Contains("does not end: the server counts 400", error.Message);
        Assert.InRange(server.Requests.Count, 1, 20);
    }

    [Fact]
    public async Task A_number_that_is_half_of_a_surrogate_pair_is_garbled()
    {
        await using var server = ScriptedServer.Always(Json("""{"totalCount":"\uD83D","pagesAvailable":1,"pageItems":[]}"""));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(AllAsync(client));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
    }

    [Fact]
    public async Task Who_stops_reading_leaves_no_request_behind()
    {
        await using var server = new ScriptedServer(request => request.Number("pageNo") == 1 ? Page(request, Keys(1000)) : ScriptedReply.Hang);
        using AcmClient client = Clients.With(Clients.Options(server), new FakeTimeProvider());
        IAsyncEnumerator<ConfigItem> items = client.ListAsync(cancellationToken: TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await Clients.InTime(items.MoveNextAsync().AsTask());
        for (int i = 0; i < 5; i++) await server.NextRequestAsync();

        await items.DisposeAsync().AsTask().WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);

        for (int i = 0; i < 4; i++) await server.ClientLeftAsync();
        Assert.Equal(5, server.Requests.Count);
    }

    [Fact]
    public async Task A_page_that_fails_ends_the_list_with_its_error_and_the_other_requests()
    {
        await using var server = new ScriptedServer(request => request.Number("pageNo") switch
        {
            1 => Page(request, Keys(1000)),
            2 => ScriptedReply.Status(403),
            _ => ScriptedReply.Hang,
        });
        using AcmClient client = Clients.With(Clients.Options(server), new FakeTimeProvider());

        AcmException error = await Clients.FailsAsync(AllAsync(client));

        Assert.Equal(AcmErrorKind.AccessDenied, error.Kind);
    }

    [Theory]
    [InlineData(0, 200, "pageNumber")]
    [InlineData(1, 0, "pageSize")]
    [InlineData(1, 501, "pageSize")]
    public async Task A_page_out_of_range_is_refused_by_name(int number, int size, string name)
    {
        await using var server = ScriptedServer.Always(Json(Sample));
        using AcmClient client = Clients.For(server);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => client.ListPageAsync(number, size, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    private static async Task<List<ConfigItem>> AllAsync(AcmClient client) =>
        await Clients.InTime(client.ListAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken).AsTask());

    private static ScriptedReply Json(string json) => ScriptedReply.Text(200, "application/json;charset=UTF-8", json);

    private static string[] Keys(int count) => [.. Enumerable.Range(0, count).Select(i => "k" + i.ToString("D5", CultureInfo.InvariantCulture))];

    /// <summary>Returns the requested page of all keys.</summary>
    private static ScriptedReply Page(ScriptedRequest request, string[] keys, int? total = null, int? pages = null)
    {
        int size = request.Number("pageSize");
        IEnumerable<string> items = keys.Skip((request.Number("pageNo") - 1) * size).Take(size).Select(key => $$"""{"appName":"","dataId":"{{key}}","group":"DEFAULT_GROUP"}""");
        int available = pages ?? ((keys.Length + size - 1) / size);
        return Json($$"""{"totalCount":{{total ?? keys.Length}},"pageNumber":{{request.Number("pageNo")}},"pagesAvailable":{{available}},"pageItems":[{{string.Join(",", items)}}]}""");
    }
}
