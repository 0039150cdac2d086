using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Tests.Servers;

public sealed class ServerAddressTests
{
    private static readonly AddressDefaults Acm = new(8080, "/diamond-server", SecondPortOffset: null);
    private static readonly AddressDefaults Nacos = new(8848, "/nacos", SecondPortOffset: 1000);

    [Theory]
    [InlineData("acm.aliyun.com", false, "http://acm.aliyun.com:8080")]
    [InlineData("acm.aliyun.com", true, "https://acm.aliyun.com:443")]
    [InlineData("10.0.0.1:8848", false, "http://10.0.0.1:8848")]
    [InlineData("https://host", false, "https://host:443")]
    [InlineData("http://host:81/", false, "http://host:81")]
    [InlineData("[::1]:8080", false, "http://[::1]:8080")]
    [InlineData("[::1]", false, "http://[::1]:8080")]
    [InlineData("fe80::1", false, "http://[fe80::1]:8080")]
    public void An_address_is_understood(string text, bool tls, string expected)
    {
        ServerAddress address = ServerAddress.Parse(text, tls, Acm);

        Assert.Equal(expected, address.BaseUri);
    }

    [Theory]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:x")]
    [InlineData("host:")]
    [InlineData("<html>")]
    [InlineData("ftp://host")]
    [InlineData("host/a//b")]
    [InlineData("host/../b")]
    [InlineData("host/a?b")]
    [InlineData("host/a%2fb")]
    [InlineData("host/a;b")]
    [InlineData("[::1")]
    [InlineData("[::1]8080")]
    [InlineData(":8080")]
    public void What_is_no_address_is_an_error_that_quotes_it(string text)
    {
        FormatException error = Assert.Throws<FormatException>(() => ServerAddress.Parse(text, tls: false, Acm));

        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_is_separated_by_comma_semicolon_or_white_space()
    {
        IReadOnlyList<ServerAddress> list = ServerAddress.ParseList(" a:1, b:2;c:3\r\nd:4\te:5 ", tls: false, Acm);

        Assert.Equal(["a:1", "b:2", "c:3", "d:4", "e:5"], list.Select(address => address.Text));
    }

    [Theory]
    [InlineData("nacos.example.com", "http://nacos.example.com:8848/nacos/v1/x?a=b")]
    [InlineData("nacos.example.com:80", "http://nacos.example.com:80/nacos/v1/x?a=b")]
    [InlineData("https://nacos.example.com/", "https://nacos.example.com:443/nacos/v1/x?a=b")]
    [InlineData("https://nacos.example.com:8848/config", "https://nacos.example.com:8848/config/v1/x?a=b")]
    [InlineData("nacos.example.com/a/b/", "http://nacos.example.com:8848/a/b/v1/x?a=b")]
    [InlineData("http://[::1]:8848/nacos", "http://[::1]:8848/nacos/v1/x?a=b")]
    [InlineData("[fe80::1]/x", "http://[fe80::1]:8848/x/v1/x?a=b")]
    [InlineData("10.0.0.1:1/x", "http://10.0.0.1:1/x/v1/x?a=b")]
    public void A_request_goes_to_the_context_path_of_the_address(string text, string expected)
    {
        var request = new WireRequest { Kind = CallKind.Get, Method = HttpMethod.Get, PathAndQuery = "/nacos/v1/x?a=b", Subject = "x" };

        Assert.Equal(expected, request.UriOn(ServerAddress.Parse(text, tls: false, Nacos)).OriginalString);
    }

    [Fact]
    public void The_default_context_path_is_the_same_address_as_none()
    {
        Assert.Equal(ServerAddress.Parse("a", tls: false, Nacos), ServerAddress.Parse("http://a:8848/nacos/", tls: false, Nacos));
        Assert.NotEqual(ServerAddress.Parse("a", tls: false, Nacos), ServerAddress.Parse("a/other", tls: false, Nacos));
    }

    [Fact]
    public void What_has_no_context_path_takes_none() =>
        Assert.Throws<FormatException>(() => ServerAddress.Parse("sts.example.com/path", tls: true, AddressDefaults.None));
}
