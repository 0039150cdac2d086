using Acm.Tests.Support;

namespace Acm.Tests.Server;

public class AddressTests
{
    [Theory]
    [InlineData("/diamond-server/diamond")]
    [InlineData("//diamond-server/diamond")]
    [InlineData("/diamond-server/diamond-unit-sh?nofix=1")]
    public async Task The_address_list_is_the_host_of_the_request(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { AllowedHosts = ["acm.example"] });

        RawResponse own = await RawHttp.GetAsync(server.Uri, path);
        RawResponse named = await RawHttp.SendAsync(server.Uri, $"GET {path} HTTP/1.1\nhost: acm.example:8080");
        RawResponse withoutPort = await RawHttp.SendAsync(server.Uri, $"GET {path} HTTP/1.1\nhost: acm.example");

        Assert.Equal((200, $"{server.Uri.Authority}\n"), (own.Status, own.Text));
        Assert.Equal("acm.example:8080\n", named.Text);
        Assert.Equal("acm.example:80\n", withoutPort.Text);
    }

    [Fact]
    public async Task Advertised_servers_are_listed_one_a_line()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Advertise = ["10.0.0.1:8080", "10.0.0.2:8080"] });

        RawResponse answer = await RawHttp.GetAsync(server.Uri, "/diamond-server/diamond");

        Assert.Equal("10.0.0.1:8080\n10.0.0.2:8080\n", answer.Text);
    }

    [Fact]
    public async Task Units_are_listed_known_ones_answered_and_unknown_ones_404()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { Units = ["center", "sh"] });

        RawResponse list = await RawHttp.GetAsync(server.Uri, "/diamond-server/unit-list?nofix=1");
        RawResponse environment = await RawHttp.GetAsync(server.Uri, "/env");
        RawResponse known = await RawHttp.GetAsync(server.Uri, "/diamond-server/diamond-unit-sh?nofix=1");
        RawResponse unknown = await RawHttp.GetAsync(server.Uri, "/diamond-server/diamond-unit-bj?nofix=1");

        Assert.Equal(("center\nsh\n", "center\n"), (list.Text, environment.Text));
        Assert.Equal((200, 404), (known.Status, unknown.Status));
    }

    [Theory]
    [InlineData("GET /", 404)]
    [InlineData("GET /diamond-server/other", 404)]
    [InlineData("PUT /diamond-server/config.co", 405)]
    [InlineData("GET /diamond-server/basestone.do?method=none", 400)]
    public async Task What_the_server_does_not_have_it_says_so(string request, int status)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        RawResponse answer = await RawHttp.SendAsync(server.Uri, $"{request} HTTP/1.1");

        Assert.Equal(status, answer.Status);
    }
}
