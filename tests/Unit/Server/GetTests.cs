using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

public class GetTests
{
    private static readonly DateTimeOffset SampleTime = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

    [Fact]
    public async Task An_existing_configuration_comes_back_byte_for_byte_with_the_documented_headers()
    {
        await using RunningServer server = await RunningServer.StartAsync(clock: new FakeTimeProvider(SampleTime));
        await server.PublishAsync("app.yml", "test%D6%D0%CE%C4");

        RawResponse answer = await server.GetAsync("app.yml");

        Assert.Equal(200, answer.Status);
        Assert.Equal("74657374d6d0cec4", Convert.ToHexStringLower(answer.Body));
        Assert.Equal("text/html;charset=GBK", answer.Header("Content-Type"));
        Assert.Equal("5cd914f0368da5d45cfc6fe9d00299e8", answer.Header("Content-MD5"));
        Assert.Equal("Tue, 14 Nov 2023 22:13:20 GMT", answer.Header("Last-Modified"));
        Assert.Equal("no-cache", answer.Header("Pragma"));
        Assert.Equal("Thu, 01 Jan 1970 00:00:00 GMT", answer.Header("Expires"));
        Assert.Equal("no-cache,no-store", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task A_missing_configuration_is_404_with_the_servers_own_words()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await server.GetAsync("absent");

        Assert.Equal((404, "config data not exist\n"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("/diamond-server/config.co?dataId=a&group=DEFAULT_GROUP")]
    [InlineData("/diamond-server/config.co?dataId=a&group=DEFAULT_GROUP&tenant=")]
    [InlineData("/diamond-server/config.co?dataId=a")]
    [InlineData("/diamond-server/config.do?dataId=a&group=DEFAULT_GROUP&unknown=1")]
    [InlineData("//diamond-server//config.co?group=DEFAULT_GROUP&dataId=a")]
    [InlineData("/diamond-server/config.co?%64%61taId=%61&group=DEFAULT%5fGROUP")]
    public async Task Every_spelling_of_a_get_in_the_blank_namespace_finds_the_value(string target)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a", "1", tenant: "");

        RawResponse answer = await RawHttp.GetAsync(server.Uri, target);

        Assert.Equal((200, "1"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("", "bad request, param is invalid\n")]
    [InlineData("%20", "bad request, param is invalid\n")]
    [InlineData("..", "invalid dataId\n")]
    [InlineData("a%2Fb", "invalid dataId\n")]
    [InlineData("a%00", "invalid dataId\n")]
    [InlineData("a%2Bb", "invalid dataId\n")]
    public async Task A_name_that_is_none_is_400_with_the_reason(string dataId, string reason)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await server.GetAsync(dataId);

        Assert.Equal((400, reason), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Namespaces_groups_and_case_keep_values_apart()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("key", "1", tenant: "one");

        RawResponse otherNamespace = await server.GetAsync("key", tenant: "two");
        RawResponse otherCase = await server.GetAsync("KEY", tenant: "one");
        RawResponse otherGroup = await RawHttp.GetAsync(server.Uri, "/diamond-server/config.co?dataId=key&group=G&tenant=one");

        Assert.Equal([404, 404, 404], [otherNamespace.Status, otherCase.Status, otherGroup.Status]);
    }

    [Fact]
    public async Task A_percent_sign_without_digits_is_refused_and_not_guessed()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.GetAsync(server.Uri, "/diamond-server/config.co?dataId=a%2");

        Assert.Equal((400, "malformed query\n"), (answer.Status, answer.Text));
    }
}
