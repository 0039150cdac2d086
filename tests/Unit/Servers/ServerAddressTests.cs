using Acm.Client.Http;

namespace Acm.Tests.Servers;

public sealed class ServerAddressTests
{
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
        ServerAddress address = ServerAddress.Parse(text, tls);

        Assert.Equal(expected, address.BaseUri);
    }

    [Theory]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:x")]
    [InlineData("host:")]
    [InlineData("<html>")]
    [InlineData("ftp://host")]
    [InlineData("host/path")]
    [InlineData("[::1")]
    [InlineData("[::1]8080")]
    [InlineData(":8080")]
    public void What_is_no_address_is_an_error_that_quotes_it(string text)
    {
        FormatException error = Assert.Throws<FormatException>(() => ServerAddress.Parse(text, tls: false));

        Assert.Contains(text, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_is_separated_by_comma_semicolon_or_white_space()
    {
        IReadOnlyList<ServerAddress> list = ServerAddress.ParseList(" a:1, b:2;c:3\r\nd:4\te:5 ", tls: false);

        Assert.Equal(["a:1", "b:2", "c:3", "d:4", "e:5"], list.Select(address => address.Text));
    }
}
