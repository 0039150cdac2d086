using System.Text;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

public class PublishTests
{
    private const string Publish = "/diamond-server/basestone.do?method=syncUpdateAll";

    /// <summary>A form of the original client, byte for byte.</summary>
    public static TheoryData<string, string, string> PeerBodies => new()
    {
        {
            "Python",
            "dataId=app.yml&group=DEFAULT_GROUP&content=test%D6%D0%CE%C4+a%2Bb%26c%3Dd%25%0D%0A&tenant=ns-0001",
            "74657374d6d0cec420612b6226633d64250d0a"
        },
        {
            "Python with an app name",
            "dataId=app.yml&group=DEFAULT_GROUP&content=key%3D%D6%B5~%2A-_.%21%27%28%29&tenant=ns-0001&appName=demo",
            "6b65793dd6b57e2a2d5f2e21272829"
        },
        {
            "node",
            "%64%61%74%61%49%64=%61%70%70%2E%79%6D%6C&%67%72%6F%75%70=%44%45%46%41%55%4C%54%5F%47%52%4F%55%50&%63%6F%6E%74%65%6E%74=%74%65%73%74%D6%D0%CE%C4%20%61%2B%62%26%63%3D%64%25%0D%0A&%74%65%6E%61%6E%74=%6E%73%2D%30%30%30%31",
            "74657374d6d0cec420612b6226633d64250d0a"
        },
        {
            "node with lossy text",
            "%64%61%74%61%49%64=app.yml&group=DEFAULT_GROUP&tenant=ns-0001&%63%6F%6E%74%65%6E%74=%61%3F%62%80",
            "613f6280"
        },
    };

    [Theory]
    [MemberData(nameof(PeerBodies))]
    public async Task The_bytes_that_a_peer_publishes_are_the_bytes_that_are_stored(string peer, string body, string storedHex)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse published = await RawHttp.PostAsync(server.Uri, Publish, body, "Content-Type: application/x-www-form-urlencoded; charset=GBK");
        RawResponse stored = await server.GetAsync("app.yml");

        Assert.Equal((200, "OK\n"), (published.Status, published.Text));
        Assert.True(storedHex == Convert.ToHexStringLower(stored.Body), $"{peer}: {Convert.ToHexStringLower(stored.Body)}");
    }

    [Fact]
    public async Task A_request_as_urllib_sends_it_is_understood()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        const string Head = """
            POST /diamond-server/basestone.do?method=syncUpdateAll HTTP/1.1
            Accept-Encoding: identity
            Content-Length: 93
            Diamond-Client-Appname: ACM-SDK-Python
            Client-Version: 0.4.10
            Exconfiginfo: true
            Content-Type: application/x-www-form-urlencoded; charset=GBK
            Spas-Accesskey: ak-test-0001
            Timestamp: 1700000000123
            Spas-Signature: S7P36cEmOFUPMM2uGkxBpgqO4qI=
            """;

        RawResponse answer = await RawHttp.SendAsync(
            server.Uri,
            Head,
            "dataId=app.yml&group=DEFAULT_GROUP&content=test%D6%D0%CE%C4%0D%0A&tenant=ns-0001&appName=demo");

        Assert.Equal((200, "OK\n", "text/html;charset=GBK"), (answer.Status, answer.Text, answer.Header("content-type")));
    }

    [Fact]
    public async Task A_key_in_UTF8_beside_content_in_GBK_is_one_key_with_GBK_too()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        await RawHttp.PostAsync(server.Uri, Publish, "dataId=%E6%95%B0%E6%8D%AE&group=%E5%88%86%E7%BB%84&content=%D6%D0");
        RawResponse asGbk = await RawHttp.GetAsync(server.Uri, "/diamond-server/config.co?dataId=%CA%FD%BE%DD&group=%B7%D6%D7%E9");

        Assert.Equal((200, "d6d0"), (asGbk.Status, Convert.ToHexStringLower(asGbk.Body)));
    }

    [Fact]
    public async Task Content_declared_as_UTF8_is_kept_and_declared_so()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        await RawHttp.PostAsync(
            server.Uri,
            Publish,
            "dataId=a&group=DEFAULT_GROUP&tenant=ns-0001&content=%F0%9F%98%80",
            "Content-Type: application/x-www-form-urlencoded; charset=utf-8");
        RawResponse answer = await server.GetAsync("a");

        Assert.Equal("text/html;charset=UTF-8", answer.Header("Content-Type"));
        Assert.Equal("2a02eac39d716a70ecf37579185927b6", answer.Header("Content-MD5"));
        Assert.Equal("😀", Encoding.UTF8.GetString(answer.Body));
    }

    [Fact]
    public async Task Fields_may_come_in_the_query()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.PostAsync(server.Uri, Publish + "&tenant=ns-0001&dataId=a", "content=1&group=DEFAULT_GROUP");

        Assert.Equal(200, answer.Status);
        Assert.Equal("1", (await server.GetAsync("a")).Text);
    }

    [Fact]
    public async Task A_body_in_chunks_is_read_whole()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        await RawHttp.SendAsync(
            server.Uri,
            $"POST {Publish} HTTP/1.1\nTransfer-Encoding: chunked",
            "10\r\ndataId=a&group=D\r\n1F\r\nEFAULT_GROUP&tenant=ns-0001&con\r\n8\r\ntent=%D6\r\n3\r\n%D0\r\n0\r\n\r\n");

        Assert.Equal("d6d0", Convert.ToHexStringLower((await server.GetAsync("a")).Body));
    }

    [Theory]
    [InlineData("dataId=&group=G&content=1", "invalid dataId")]
    [InlineData("group=G&content=1", "invalid dataId")]
    [InlineData("dataId=a%2Fb&group=G&content=1", "invalid dataId")]
    [InlineData("dataId=.&group=G&content=1", "invalid dataId")]
    [InlineData("dataId=a&content=1", "invalid group")]
    [InlineData("dataId=a&group=+&content=1", "invalid group")]
    [InlineData("dataId=a&group=..&content=1", "invalid group")]
    [InlineData("dataId=a&group=G&tenant=..&content=1", "invalid tenant")]
    [InlineData("dataId=a&group=G&tenant=%5C&content=1", "invalid tenant")]
    [InlineData("dataId=a&group=G", "invalid content")]
    [InlineData("dataId=a&group=G&content=", "invalid content")]
    [InlineData("dataId=a&group=G&content=+%09%0D%0A", "invalid content")]
    [InlineData("dataId=a&group=G&content=%A1%A1", "invalid content")]
    [InlineData("dataId=a&group=G&content=1&encryptedDataKey=a%0Ab", "invalid encryptedDataKey")]
    [InlineData("dataId=a&group=G&content=%4", "malformed form")]
    public async Task Bad_input_is_400_with_the_reason(string body, string reason)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.PostAsync(server.Uri, Publish, body);

        Assert.Equal((400, reason + "\n"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData(256, 128, 128, 200)]
    [InlineData(257, 128, 128, 400)]
    [InlineData(256, 129, 128, 400)]
    [InlineData(256, 128, 129, 400)]
    public async Task Names_have_their_documented_lengths(int dataId, int group, int tenant, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.PostAsync(
            server.Uri,
            Publish,
            $"dataId={new string('d', dataId)}&group={new string('g', group)}&tenant={new string('t', tenant)}&content=1");

        Assert.Equal(status, answer.Status);
    }

    [Theory]
    [InlineData(102_400, 200, "OK\n")]
    [InlineData(102_401, 400, "content too large, limit 102400 bytes\n")]
    [InlineData(5_000_000, 400, "content too large, limit 102400 bytes\n")]
    public async Task The_limit_counts_bytes_of_content_however_they_are_encoded(int size, int status, string text)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await server.PublishAsync("a", string.Concat(Enumerable.Repeat("%61", size)));

        Assert.Equal((status, text), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task A_publish_with_the_expected_md5_succeeds_and_one_with_another_is_409_and_changes_nothing()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a", "hello");

        RawResponse stale = await server.PublishAsync("a", "2", "&md5=d41d8cd98f00b204e9800998ecf8427e");
        string afterStale = (await server.GetAsync("a")).Text;
        RawResponse current = await server.PublishAsync("a", "2", "&md5=5d41402abc4b2a76b9719d911017c592");
        RawResponse absent = await server.PublishAsync("b", "2", "&md5=5d41402abc4b2a76b9719d911017c592");

        Assert.Equal([409, 200, 409], [stale.Status, current.Status, absent.Status]);
        Assert.Equal("hello", afterStale);
        Assert.Equal("2", (await server.GetAsync("a")).Text);
    }

    [Fact]
    public async Task CreateOnly_with_a_blank_md5_publishes_only_where_nothing_is()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse first = await server.PublishAsync("a", "1", "&md5=&createOnly=true");
        RawResponse second = await server.PublishAsync("a", "2", "&md5=&createOnly=true");
        RawResponse blankMd5Alone = await server.PublishAsync("a", "3", "&md5=");

        Assert.Equal([200, 409, 200], [first.Status, second.Status, blankMd5Alone.Status]);
    }

    [Fact]
    public async Task Of_many_conditional_publishes_at_once_exactly_one_wins()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a", "hello");

        RawResponse[] answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => server.PublishAsync("a", $"v{i}", "&md5=5d41402abc4b2a76b9719d911017c592")));

        Assert.Equal(1, answers.Count(answer => answer.Status == 200));
        Assert.Equal(49, answers.Count(answer => answer.Status == 409));
    }

    [Fact]
    public async Task The_encrypted_data_key_is_answered_as_a_header()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        await server.PublishAsync("a", "1", "&encryptedDataKey=abc%2B%2F%3D");
        RawResponse answer = await server.GetAsync("a");

        Assert.Equal("abc+/=", answer.Header("encrypted-data-key"));
    }

    [Theory]
    [InlineData("betaIps: 10.0.0.1", "")]
    [InlineData("X-None: 1", "&tag=blue")]
    public async Task A_publish_meant_for_a_few_is_refused_and_never_reaches_all(string header, string field)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.PostAsync(server.Uri, Publish, "dataId=a&group=DEFAULT_GROUP&tenant=ns-0001&content=1" + field, header);

        Assert.Equal(403, answer.Status);
        Assert.Equal(404, (await server.GetAsync("a")).Status);
    }

    [Fact]
    public async Task Remove_is_OK_also_where_nothing_is_and_the_value_is_gone()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a", "1");

        RawResponse removed = await RawHttp.PostAsync(
            server.Uri,
            "/diamond-server//datum.do?method=deleteAllDatums",
            "dataId=a&group=DEFAULT_GROUP&tenant=ns-0001");
        RawResponse again = await server.RemoveAsync("a");

        Assert.Equal([(200, "OK\n"), (200, "OK\n")], [(removed.Status, removed.Text), (again.Status, again.Text)]);
        Assert.Equal(404, (await server.GetAsync("a")).Status);
    }

    [Fact]
    public async Task Aggregates_are_403_in_the_servers_own_words()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.PostAsync(server.Uri, "/diamond-server/datum.do?method=addDatum", "dataId=a&group=G&datumId=1&content=1");

        Assert.Equal((403, "a ISNOT aggr\n"), (answer.Status, answer.Text));
    }
}
