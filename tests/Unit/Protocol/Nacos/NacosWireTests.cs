using System.Text;
using Acm.Client;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Protocol.Nacos;
using Acm.Client.Text;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>The requests, byte for byte.</summary>
public sealed class NacosWireTests
{
    private const string Md5 = "9de2a49d06deb9c0194660123ef188d8";

    [Theory]
    [InlineData("1.4.8", NacosGeneration.One, false)]
    [InlineData("2.0.3", NacosGeneration.Two, false)]
    [InlineData("2.2.3", NacosGeneration.Two, false)]
    [InlineData("2.3.0", NacosGeneration.Two, true)]
    [InlineData("2.5.1", NacosGeneration.Two, true)]
    [InlineData("3.0.3", NacosGeneration.Three, true)]
    [InlineData("3.1.1", NacosGeneration.Three, true)]
    [InlineData("3.2.0-BETA", NacosGeneration.ThreeTwo, true)]
    [InlineData("4.0.0", NacosGeneration.ThreeTwo, true)]
    public void A_version_says_which_calls_there_are(string version, object generation, bool comparesMd5)
    {
        NacosServer? server = NacosServer.Of(version);

        Assert.Equal(((NacosGeneration)generation, comparesMd5), (server!.Generation, server.ComparesMd5));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x.1")]
    [InlineData("3")]
    [InlineData("0.8.0")]
    public void What_is_no_version_is_none(string version) => Assert.Null(NacosServer.Of(version));

    [Theory]
    [InlineData("app.yaml", "DEFAULT_GROUP", Md5, "dev-ns", "app.yaml%02DEFAULT_GROUP%029de2a49d06deb9c0194660123ef188d8%02dev-ns%01")]
    [InlineData("app.yaml", "DEFAULT_GROUP", Md5, "", "app.yaml%02DEFAULT_GROUP%029de2a49d06deb9c0194660123ef188d8%01")]
    [InlineData("nope", "DEFAULT_GROUP", null, "", "nope%02DEFAULT_GROUP%02%01")]
    [InlineData("nope", "DEFAULT_GROUP", null, "dev-ns", "nope%02DEFAULT_GROUP%02%02dev-ns%01")]
    [InlineData("com.foo:bar_1-x.y", "G1", null, "dev-ns", "com.foo%3Abar_1-x.y%02G1%02%02dev-ns%01")]
    public void A_poll_names_keys_with_their_md5(string dataId, string group, string? md5, string tenant, string expected)
    {
        var body = new NacosListenRequest(tenant);
        body.Add(new ConfigKey(dataId, group), md5);

        Assert.Equal("Listening-Configs=" + expected, Encoding.ASCII.GetString(body.Bytes));
    }

    [Fact]
    public void A_polls_keys_change_and_leave_and_their_places_are_given_again()
    {
        var body = new NacosListenRequest("");
        int a = body.Add(new ConfigKey("a", "G"), null);
        body.Add(new ConfigKey("b", "G"), null);
        body.SetMd5(a, Md5);
        string changed = Encoding.ASCII.GetString(body.Bytes);
        body.Remove(a);
        int c = body.Add(new ConfigKey("c", "G"), null);
        body.Remove(c);

        Assert.Equal($"Listening-Configs=a%02G%02{Md5}%01b%02G%02%01", changed);
        Assert.Equal(a, c);
        Assert.Equal("Listening-Configs=b%02G%02%01", Encoding.ASCII.GetString(body.Bytes));
        Assert.Equal(1, body.Count);
    }

    [Fact]
    public void A_publish_is_a_form_of_utf8()
    {
        var metadata = new ConfigMetadata { Type = "yaml", AppName = "demo" };

        WireRequest old = NacosRequests.Publish(isV3: false, "dev-ns", new PublishRequest(new ConfigKey("app.yaml"), StrictUtf8.GetBytes("a: 1\nb: 中文 & x=y+z%"), metadata), casMd5: Md5);
        WireRequest current = NacosRequests.Publish(isV3: true, "", new PublishRequest(new ConfigKey("app.yaml"), StrictUtf8.GetBytes("1"), metadata with { Tags = "x,y" }), casMd5: null);

        Assert.Equal("dataId=app.yaml&group=DEFAULT_GROUP&tenant=dev-ns&content=a%3A+1%0Ab%3A+%E4%B8%AD%E6%96%87+%26+x%3Dy%2Bz%25&type=yaml&appName=demo", Encoding.ASCII.GetString(old.Body!));
        Assert.Equal("/nacos/v1/cs/configs", old.PathAndQuery);
        Assert.Equal([new("casMd5", Md5)], old.Headers);
        Assert.Equal("dataId=app.yaml&groupName=DEFAULT_GROUP&content=1&type=yaml&appName=demo&configTags=x%2Cy", Encoding.ASCII.GetString(current.Body!));
        Assert.Equal("/nacos/v3/admin/cs/config", current.PathAndQuery);
        Assert.Empty(current.Headers);
    }

    [Theory]
    [InlineData("a.yml", "yaml")]
    [InlineData("A.YAML", "yaml")]
    [InlineData("a.b.properties", "properties")]
    [InlineData("a.htm", "html")]
    [InlineData("json", "text")]
    [InlineData("a.txt", "text")]
    [InlineData("a", "text")]
    public void The_ending_of_a_name_is_a_type(string dataId, string type) => Assert.Equal(type, NacosType.Of(dataId));
}
