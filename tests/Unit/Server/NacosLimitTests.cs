using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Server;

/// <summary>The rate limits apply to each call that reads or changes a configuration, in every dialect.</summary>
public sealed class NacosLimitTests
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string V1Refusal = "caused: errCode: 503, errMsg: server limit match. ;";
    private const string EnvelopeRefusal = """{"code":30000,"message":"server error","data":"errCode: 503, errMsg: server limit match. "}""";

    [Theory]
    [InlineData("One", "v1/cs/configs?dataId=a&group=G", V1Refusal)]
    [InlineData("One", "v1/cs/configs?show=all&dataId=a&group=G", V1Refusal)]
    [InlineData("One", "v1/cs/configs/catalog?dataId=a&group=G", V1Refusal)]
    [InlineData("One", "v1/cs/configs?beta=true&dataId=a&group=G", V1Refusal)]
    [InlineData("One", "v1/cs/configs?search=accurate&dataId=a&group=G&pageNo=1&pageSize=1", V1Refusal)]
    [InlineData("One", "v1/cs/history?search=accurate&dataId=a&group=G", V1Refusal)]
    [InlineData("Two", "v1/cs/configs?dataId=a&group=G", V1Refusal)]
    [InlineData("Two", "v2/cs/config?dataId=a&group=G", EnvelopeRefusal)]
    [InlineData("Two", "v2/cs/history/list?dataId=a&group=G", EnvelopeRefusal)]
    [InlineData("Three", "v1/cs/configs?dataId=a&group=G", V1Refusal)]
    [InlineData("Three", "v3/client/cs/config?dataId=a&groupName=G", EnvelopeRefusal)]
    [InlineData("Three", "v3/admin/cs/config?dataId=a&groupName=G", EnvelopeRefusal)]
    [InlineData("Three", "v3/admin/cs/config/beta?dataId=a&groupName=G", EnvelopeRefusal)]
    [InlineData("Three", "v3/admin/cs/config/list?search=accurate&dataId=a&groupName=G", EnvelopeRefusal)]
    [InlineData("Three", "v3/admin/cs/history/list?dataId=a&groupName=G", EnvelopeRefusal)]
    public async Task A_second_read_of_a_configuration_within_the_second_is_refused(string generation, string target, string refusal)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxReadsPerSecond = 1, NacosGeneration = Enum.Parse<Generation>(generation) }, clock);

        RawResponse first = await RawHttp.GetAsync(server.Uri, "/nacos/" + target);
        RawResponse second = await RawHttp.GetAsync(server.Uri, "/nacos/" + target);
        RawResponse acm = await RawHttp.GetAsync(server.Uri, "/diamond-server/config.co?dataId=a&group=G");
        clock.Advance(TimeSpan.FromSeconds(1));
        RawResponse later = await RawHttp.GetAsync(server.Uri, "/nacos/" + target);

        Assert.NotEqual(503, first.Status);
        Assert.Equal((503, refusal), (second.Status, second.Text));
        Assert.Equal(503, acm.Status);
        Assert.Equal(first.Status, later.Status);
    }

    [Theory]
    [InlineData("One", "POST", "v1/cs/configs?dataId=a&group=G&content=2", V1Refusal)]
    [InlineData("One", "DELETE", "v1/cs/configs?dataId=a&group=G", V1Refusal)]
    [InlineData("One", "DELETE", "v1/cs/configs?beta=true&dataId=a&group=G", V1Refusal)]
    [InlineData("One", "DELETE", "v1/cs/configs?delType=ids&ids=ID", V1Refusal)]
    [InlineData("Two", "POST", "v2/cs/config?dataId=a&group=G&content=2", EnvelopeRefusal)]
    [InlineData("Two", "DELETE", "v2/cs/config?dataId=a&group=G", EnvelopeRefusal)]
    [InlineData("Three", "POST", "v3/admin/cs/config?dataId=a&groupName=G&content=2", EnvelopeRefusal)]
    [InlineData("Three", "DELETE", "v3/admin/cs/config?dataId=a&groupName=G", EnvelopeRefusal)]
    [InlineData("Three", "DELETE", "v3/admin/cs/config/beta?dataId=a&groupName=G", EnvelopeRefusal)]
    [InlineData("Three", "DELETE", "v3/admin/cs/config/batch?ids=ID", EnvelopeRefusal)]
    public async Task A_second_change_of_a_configuration_within_the_second_is_refused(string generation, string method, string target, string refusal)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxChangesPerSecond = 1, NacosGeneration = Enum.Parse<Generation>(generation) }, new FakeTimeProvider());
        await RawHttp.PostAsync(server.Uri, "/diamond-server/basestone.do?method=syncUpdateAll", "dataId=a&group=G&content=1");
        string id = await IdAsync(server);

        RawResponse answer = await RawHttp.SendAsync(server.Uri, $"{method} /nacos/{target.Replace("ID", id, StringComparison.Ordinal)} HTTP/1.1\nContent-Length: 0");
        RawResponse read = await RawHttp.GetAsync(server.Uri, "/diamond-server/config.co?dataId=a&group=G");

        Assert.Equal((503, refusal), (answer.Status, answer.Text));
        Assert.Equal("1", read.Text);
    }

    [Theory]
    [InlineData("One", "v1/cs/configs", "group", 500, "caused: invalid content, over 3;")]
    [InlineData("Two", "v1/cs/configs", "group", 400, "caused: invalid content, over 3;")]
    [InlineData("Two", "v2/cs/config", "group", 400, """{"code":20002,"message":"parameter validate error","data":"invalid content, over 3"}""")]
    [InlineData("Three", "v1/cs/configs", "group", 400, "caused: invalid content, over 3;")]
    [InlineData("Three", "v3/admin/cs/config", "groupName", 400, """{"code":20002,"message":"parameter validate error","data":"invalid content, over 3"}""")]
    public async Task A_content_over_the_limit_is_refused(string generation, string path, string group, int status, string text)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { MaxContentBytes = 3, NacosGeneration = Enum.Parse<Generation>(generation) });

        RawResponse fits = await RawHttp.PostAsync(server.Uri, "/nacos/" + path, $"dataId=a&{group}=G&content=%E4%B8%AD", Form);
        RawResponse answer = await RawHttp.PostAsync(server.Uri, "/nacos/" + path, $"dataId=b&{group}=G&content=1234", Form);

        Assert.Equal(200, fits.Status);
        Assert.Equal((status, text), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Without_an_option_a_content_of_a_megabyte_is_taken_as_real_servers_take_it()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.PostAsync(server.Uri, "/nacos/v1/cs/configs", $"dataId=a&group=G&content={new string('x', 1024 * 1024)}", Form);

        Assert.Equal((200, "true"), (answer.Status, answer.Text));
    }

    private static async Task<string> IdAsync(RunningServer server)
    {
        RawResponse list = await RawHttp.GetAsync(server.Uri, "/nacos/v3/admin/cs/config/list?pageNo=1&pageSize=1");
        if (list.Status != 200) list = await RawHttp.GetAsync(server.Uri, "/nacos/v1/cs/configs?search=blur&dataId=&group=&pageNo=1&pageSize=1");
        return System.Text.RegularExpressions.Regex.Match(list.Text, "\"id\":\"(\\d+)\"").Groups[1].Value;
    }
}
