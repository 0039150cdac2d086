using Acm.Server.Dialects.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>Generation 3.2: Nacos 3 without the v1 and v2 APIs, and with the calls added after 3.0.3.</summary>
public sealed class NacosNewestTests
{
    private const string Form = "Content-Type: application/x-www-form-urlencoded";
    private const string Admin = "/nacos/v3/admin/cs/config";
    private const string Ok = """{"code":0,"message":"success","data":true}""";

    [Theory]
    [InlineData("GET", "/nacos/v1/cs/configs?dataId=a&group=G")]
    [InlineData("POST", "/nacos/v1/cs/configs?dataId=a&group=G&content=1")]
    [InlineData("POST", "/nacos/v1/cs/configs/listener?Listening-Configs=a")]
    [InlineData("GET", "/nacos/v1/console/namespaces")]
    [InlineData("GET", "/nacos/v1/cs/history?search=accurate&dataId=a&group=G")]
    [InlineData("GET", "/nacos/v2/cs/config?dataId=a&group=G")]
    [InlineData("GET", "/nacos/v2/console/namespace/list")]
    public async Task The_calls_of_the_first_two_generations_are_not_there(string method, string target)
    {
        await using RunningServer server = await StartAsync();

        RawResponse answer = await RawHttp.SendAsync(server.Uri, $"{method} {target} HTTP/1.1\nContent-Length: 0");

        Assert.Equal(404, answer.Status);
        Assert.Contains($"No endpoint {method} ", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_change_and_the_content_and_whoever_waits_for_it_stay()
    {
        await using RunningServer server = await StartAsync();
        await RawHttp.PostAsync(server.Uri, Admin, "dataId=a&groupName=G&content=1&type=yaml&desc=old&configTags=x,y", Form);
        using RawHttp poll = await RawHttp.ConnectAsync(server.Uri);
        await poll.WriteAsync("POST /diamond-server/config.co HTTP/1.1\nlongPullingTimeout: 30000", "Probe-Modify-Request=a%02G%02c4ca4238a0b923820dcc509a6f75849b%01");
        await server.WaitForHangingPollsAsync(1);

        RawResponse described = await PutAsync(server, "dataId=a&groupName=G&desc=new");
        RawResponse tagged = await PutAsync(server, "dataId=a&groupName=G&configTags=z");
        RawResponse detail = await RawHttp.GetAsync(server.Uri, Admin + "?dataId=a&groupName=G");
        RawResponse byTag = await RawHttp.GetAsync(server.Uri, Admin + "/list?configTags=z&search=accurate");
        RawResponse byOldTag = await RawHttp.GetAsync(server.Uri, Admin + "/list?configTags=x&search=accurate");
        RawResponse history = await RawHttp.GetAsync(server.Uri, "/nacos/v3/admin/cs/history/list?dataId=a&groupName=G");
        await server.WaitForHangingPollsAsync(1);

        Assert.Equal((Ok, Ok), (described.Text, tagged.Text));
        Assert.Contains("\"content\":\"1\",\"desc\":\"new\"", detail.Text, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"yaml\"", detail.Text, StringComparison.Ordinal);
        Assert.Contains("\"configTags\":\"z\"", detail.Text, StringComparison.Ordinal);
        Assert.Contains("\"totalCount\":1,", byTag.Text, StringComparison.Ordinal);
        Assert.Contains("\"totalCount\":0,", byOldTag.Text, StringComparison.Ordinal);
        Assert.Contains("\"totalCount\":3,", history.Text, StringComparison.Ordinal);
        Assert.True(poll.IsSilent);
    }

    [Theory]
    [InlineData("dataId=absent&groupName=G&desc=x", 404, """{"code":20004,"message":"resource not found","data":"Config not exist, please publish Config first."}""")]
    [InlineData("dataId=a&desc=x", 400, """{"code":10000,"message":"parameter missing","data":"Required parameter 'groupName' type String is not present"}""")]
    [InlineData("dataId=a&groupName=G&configTags=1,2,3,4,5,6", 400, """{"code":20002,"message":"parameter validate error","data":"too much config_tags, over 5"}""")]
    public async Task Metadata_of_what_is_not_there_or_over_a_limit_are_refused(string form, int status, string text)
    {
        await using RunningServer server = await StartAsync();
        await RawHttp.PostAsync(server.Uri, Admin, "dataId=a&groupName=G&content=1", Form);

        RawResponse answer = await PutAsync(server, form);

        Assert.Equal((status, text), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Before_it_metadata_have_no_call_of_their_own()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { NacosGeneration = Generation.Three });

        Assert.Equal(404, (await PutAsync(server, "dataId=a&groupName=G&desc=x")).Status);
    }

    private static Task<RawResponse> PutAsync(RunningServer server, string form) =>
        RawHttp.SendAsync(server.Uri, $"PUT {Admin}/metadata HTTP/1.1\n{Form}\nContent-Length: {form.Length}", form);

    private static Task<RunningServer> StartAsync() => RunningServer.StartAsync(options => options with { NacosGeneration = Generation.ThreeTwo });
}
