using Acm.Client;
using Acm.Client.Protocol.Nacos;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>The server-side filter never excludes wanted items.</summary>
public sealed class NacosSearchTests
{
    [Theory]
    [InlineData("2.5.1", "dev", "app*", null, "search=blur&dataId=app*&group=&tenant=dev&pageNo=1&pageSize=500")]
    [InlineData("2.5.1", "", "app?1", "G", "search=blur&dataId=app_1&group=G&pageNo=1&pageSize=500")]
    [InlineData("2.5.1", "dev", "app.yaml", null, "search=accurate&dataId=app.yaml&group=&tenant=dev&pageNo=1&pageSize=500")]
    [InlineData("3.0.3", "dev", "app*", null, "search=blur&dataId=app*&namespaceId=dev&pageNo=1&pageSize=500")]
    [InlineData("3.0.3", "", "*", "*", "search=accurate&pageNo=1&pageSize=500")]
    // In patterns, an underscore is a wildcard in the namespace too, whose items could not be distinguished.
    [InlineData("3.0.3", "dev_1", "app*", null, "search=accurate&namespaceId=dev_1&pageNo=1&pageSize=500")]
    [InlineData("3.0.3", "dev_1", "app.yaml", "G*", "search=accurate&dataId=app.yaml&namespaceId=dev_1&pageNo=1&pageSize=500")]
    // Servers reject other characters, which cannot occur in names.
    [InlineData("2.5.1", "", "a b", null, "search=accurate&dataId=&group=&pageNo=1&pageSize=500")]
    [InlineData("2.5.1", "", "中*", null, "search=accurate&dataId=&group=&pageNo=1&pageSize=500")]
    public void Names_are_sent_where_the_server_leaves_nothing_out(string version, string @namespace, string dataId, string? group, string expected) =>
        Assert.Equal(expected, Query(version, @namespace, new ConfigFilter { DataId = dataId, Group = group }));

    [Fact]
    public void Types_are_sent_to_versions_that_list_them_by_pattern()
    {
        var filter = new ConfigFilter { Types = ["YAML", "json"], DataId = "a*" };

        Assert.Equal("search=accurate&dataId=&group=&pageNo=1&pageSize=500", Query("1.4.8", "", filter));
        Assert.Equal("search=blur&dataId=a*&group=&types=yaml%2Cjson&pageNo=1&pageSize=500", Query("2.5.1", "", filter));
        Assert.Equal("search=blur&dataId=a*&type=yaml%2Cjson&pageNo=1&pageSize=500", Query("3.0.3", "", filter));
    }

    [Fact]
    public void A_tag_is_sent_by_name_alone_and_one_application_name_in_both()
    {
        var filter = new ConfigFilter { Tags = ["a_b"], AppNames = ["shop"], DataId = "a*" };

        Assert.Equal("search=accurate&dataId=&group=&appName=shop&config_tags=a_b&pageNo=1&pageSize=500", Query("2.5.1", "", filter));
        Assert.Equal("search=accurate&appName=shop&configTags=a_b&pageNo=1&pageSize=500", Query("3.0.3", "", filter));
        Assert.Equal("search=accurate&pageNo=1&pageSize=500", Query("3.0.3", "", new ConfigFilter { AppNames = ["shop", "till"] }));
    }

    private static string Query(string version, string @namespace, ConfigFilter filter)
    {
        NacosServer server = NacosServer.Of(version)!;
        return NacosRequests.List(server, @namespace, NacosSearch.Of(filter, server, @namespace), 1, 500).PathAndQuery.Split('?')[1].Replace("%2A", "*", StringComparison.Ordinal);
    }
}
