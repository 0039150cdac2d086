using System.Text;
using Acm.Client;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Protocol.Diamond;

namespace Acm.Tests.Protocol;

/// <summary>The exact bytes of sections 11.5 and 12 of the protocol reference.</summary>
public sealed class DiamondRequestTests
{
    private static readonly DiamondProtocol Protocol = new(allowUnicodeName: true, allowEuroSign: false);
    private static readonly PublishCondition Unconditional = new(PublishConditionKind.None, "");

    [Theory]
    [InlineData("test中文 a+b&c=d%\r\n", "", "dataId=app.yml&group=DEFAULT_GROUP&content=test%D6%D0%CE%C4+a%2Bb%26c%3Dd%25%0D%0A&tenant=ns-0001")]
    [InlineData("key=值~*-_.!'()", "demo", "dataId=app.yml&group=DEFAULT_GROUP&content=key%3D%D6%B5~%2A-_.%21%27%28%29&tenant=ns-0001&appName=demo")]
    public void A_publish_has_the_known_body(string content, string appName, string expected)
    {
        WireRequest request = DiamondRequests.Publish("ns-0001", new PublishRequest(new ConfigKey("app.yml"), Protocol.EncodeContent(content), new ConfigMetadata { AppName = appName }));

        Assert.Equal(expected, Encoding.ASCII.GetString(request.Body!));
        Assert.Equal("/diamond-server/basestone.do?method=syncUpdateAll", request.PathAndQuery);
        Assert.Equal("application/x-www-form-urlencoded; charset=GBK", request.ContentType);
    }

    [Fact]
    public void A_data_key_travels_beside_the_content()
    {
        WireRequest request = DiamondRequests.Publish("", new PublishRequest(new ConfigKey("a"), Protocol.EncodeContent("x"), ConfigMetadata.OfDataKey("E+/==")));

        Assert.Equal("dataId=a&group=DEFAULT_GROUP&content=x&encryptedDataKey=E%2B%2F%3D%3D", Encoding.ASCII.GetString(request.Body!));
    }

    [Fact]
    public void A_key_in_Chinese_travels_as_UTF8_beside_content_in_GBK()
    {
        WireRequest request = DiamondRequests.Publish("", new PublishRequest(new ConfigKey("数据", "分组"), Protocol.EncodeContent("中"), ConfigMetadata.None));

        Assert.Equal("dataId=%E6%95%B0%E6%8D%AE&group=%E5%88%86%E7%BB%84&content=%D6%D0", Encoding.ASCII.GetString(request.Body!));
    }

    [Fact]
    public void A_get_has_the_known_target()
    {
        WireRequest request = DiamondRequests.Get("ns-0001", new ConfigKey("app.yml"));

        Assert.Equal("/diamond-server/config.co?dataId=app.yml&group=DEFAULT_GROUP&tenant=ns-0001", request.PathAndQuery);
    }

    [Fact]
    public void The_blank_namespace_is_not_sent()
    {
        WireRequest request = DiamondRequests.Get("", new ConfigKey("app.yml"));

        Assert.DoesNotContain("tenant", request.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remove_has_the_known_body()
    {
        WireRequest request = DiamondRequests.Remove("ns-0001", new ConfigKey("app.yml"), Unconditional);

        Assert.Equal("/diamond-server/datum.do?method=deleteAllDatums", request.PathAndQuery);
        Assert.Equal("dataId=app.yml&group=DEFAULT_GROUP&tenant=ns-0001", Encoding.ASCII.GetString(request.Body!));
    }

    [Fact]
    public void A_list_has_the_known_target()
    {
        WireRequest request = DiamondRequests.List("ns-0001", 1, 200);

        Assert.Equal("/diamond-server/basestone.do?pageNo=1&pageSize=200&method=getAllConfigByTenant&tenant=ns-0001", request.PathAndQuery);
    }

    [Fact]
    public void A_batch_get_has_the_known_body()
    {
        WireRequest request = DiamondRequests.BatchGet("ns-0001", "DEFAULT_GROUP", [new ConfigKey("a.yml"), new ConfigKey("b.yml")]);

        Assert.Equal("/diamond-server/config.co?method=batchGetConfig", request.PathAndQuery);
        Assert.Equal("dataIds=a.yml%02b.yml&group=DEFAULT_GROUP&tenant=ns-0001", Encoding.ASCII.GetString(request.Body!));
    }

    [Theory]
    [InlineData(null, "/diamond-server/diamond")]
    [InlineData("sh", "/diamond-server/diamond-unit-sh?nofix=1")]
    public void The_address_server_is_asked_for_the_list_or_a_units(string? unit, string expected)
    {
        WireRequest request = DiamondRequests.AddressList(unit);

        Assert.Equal(expected, request.PathAndQuery);
    }

    [Fact]
    public void A_conditional_publish_carries_the_expected_md5()
    {
        var condition = PublishCondition.From(new PublishOptions { IfMatch = "BCCE109775E8E1972E9F5FCDA3E12895" });

        WireRequest request = DiamondRequests.Publish("", new PublishRequest(new ConfigKey("a"), Protocol.EncodeContent("x"), ConfigMetadata.None, condition));

        Assert.Equal("dataId=a&group=DEFAULT_GROUP&content=x&md5=bcce109775e8e1972e9f5fcda3e12895", Encoding.ASCII.GetString(request.Body!));
    }

    [Fact]
    public void A_request_has_an_address_of_its_own_on_each_server_and_makes_it_once()
    {
        WireRequest request = DiamondRequests.Get("", new ConfigKey("a"));
        var one = new ServerAddress("one", 8080, Tls: false);

        Uri first = request.UriOn(one);
        Uri second = request.UriOn(one);
        Uri other = request.UriOn(new ServerAddress("two", 443, Tls: true));

        Assert.Equal("http://one:8080/diamond-server/config.co?dataId=a&group=DEFAULT_GROUP", first.AbsoluteUri);
        Assert.Same(first, second);
        Assert.Equal("https://two/diamond-server/config.co?dataId=a&group=DEFAULT_GROUP", other.AbsoluteUri);
        Assert.Equal(first, request.UriOn(one));
    }
}
