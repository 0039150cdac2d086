using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>The requests of a browser for a web page: a form's POST, a script's GET, a host name that resolves to this machine.</summary>
public class WebPageTests
{
    private const string Publish = "/diamond-server/basestone.do?method=syncUpdateAll";

    [Theory]
    [InlineData("Origin: http://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    [InlineData("Host: evil.example")]
    [InlineData("Host: evil.example:80")]
    [InlineData("Host: 127.0.0.1.evil.example")]
    [InlineData("Host: localhost.evil.example")]
    [InlineData("Host: 10.0.0.1")]
    public async Task A_page_of_the_web_can_neither_write_nor_read(string header)
    {
        await using RunningServer server = await RunningServer.StartAsync();
        await server.PublishAsync("a", "kept");

        RawResponse write = await RawHttp.PostAsync(server.Uri, Publish, "dataId=a&group=DEFAULT_GROUP&content=evil&tenant=ns-0001", header);
        RawResponse[] reads =
        [
            await RawHttp.SendAsync(server.Uri, $"GET /diamond-server/config.co?dataId=a&group=DEFAULT_GROUP&tenant=ns-0001 HTTP/1.1\n{header}"),
            await RawHttp.SendAsync(server.Uri, $"GET /diamond-server/basestone.do?method=getAllConfigByTenant&tenant=ns-0001 HTTP/1.1\n{header}"),
            await RawHttp.SendAsync(server.Uri, $"GET /nacos/v1/cs/configs?dataId=a&group=DEFAULT_GROUP&tenant=ns-0001 HTTP/1.1\n{header}"),
            await RawHttp.SendAsync(server.Uri, $"GET /health HTTP/1.1\n{header}"),
        ];
        RawResponse kept = await server.GetAsync("a");

        Assert.Equal(403, write.Status);
        Assert.All(reads, read => Assert.Equal(403, read.Status));
        Assert.Equal("kept", kept.Text);
    }

    [Theory]
    [InlineData("Host: localhost")]
    [InlineData("Host: LOCALHOST:99")]
    [InlineData("Host: acm.localhost.")]
    [InlineData("Host: 127.9.9.9:80")]
    [InlineData("Host: [::1]:80")]
    [InlineData("Host: proxied.example")]
    [InlineData("Sec-Fetch-Site: none")]
    [InlineData("Sec-Fetch-Site: same-origin")]
    public async Task A_person_and_a_client_on_this_machine_are_served(string header)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { AllowedHosts = ["proxied.example"] });

        RawResponse answer = await RawHttp.SendAsync(server.Uri, $"GET /health HTTP/1.1\n{header}");

        Assert.Equal(200, answer.Status);
    }
}
