using Acm.Client;
using Acm.Client.Text;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>Lists have the same results on each generation.</summary>
public sealed class NacosListTests
{
    public static TheoryData<string> Generations => NacosServers.Generations;

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task A_filter_selects_the_same_on_each_generation(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);
        AcmClient dev = client.ForNamespace("dev_1");
        await dev.PublishAsync(new ConfigKey("app_1.yaml"), "a: 1", new PublishOptions { Tags = "x,y", AppName = "shop" });
        await dev.PublishAsync(new ConfigKey("appx1.yaml"), "a: 2", new PublishOptions { Tags = "y" });
        await dev.PublishAsync(new ConfigKey("app_2.json", "G"), "{}", new PublishOptions { Tags = "x_y" });
        await dev.PublishAsync(new ConfigKey("App_1.yaml"), "a: 3");
        AcmClient similar = client.ForNamespace("devx1");
        await similar.PublishAsync(new ConfigKey("app_9.yaml"), "of another namespace", new PublishOptions { Tags = "x", AppName = "shop" });

        Assert.Equal("App_1.yaml,app_1.yaml,app_2.json,appx1.yaml", await NamesAsync(dev, ConfigFilter.All));
        Assert.Equal("app_1.yaml", await NamesAsync(dev, new ConfigFilter { DataId = "app_1*" }));
        Assert.Equal("app_1.yaml,appx1.yaml", await NamesAsync(dev, new ConfigFilter { DataId = "app?1.yaml" }));
        Assert.Equal("app_2.json", await NamesAsync(dev, new ConfigFilter { Group = "G" }));
        Assert.Equal("app_1.yaml", await NamesAsync(dev, new ConfigFilter { DataId = "app_1.yaml" }));
        Assert.Equal("", await NamesAsync(dev, new ConfigFilter { DataId = "app_1" }));
        Assert.Equal("app_2.json", await NamesAsync(dev, new ConfigFilter { Types = ["JSON"] }));
        Assert.Equal("App_1.yaml,app_1.yaml,appx1.yaml", await NamesAsync(dev, new ConfigFilter { Types = ["yaml"] }));
        Assert.Equal("app_1.yaml,appx1.yaml", await NamesAsync(dev, new ConfigFilter { Tags = ["x", "y"] }));
        Assert.Equal("app_2.json", await NamesAsync(dev, new ConfigFilter { Tags = ["x_y"] }));
        Assert.Equal("app_2.json", await NamesAsync(dev, new ConfigFilter { Tags = ["x_y", "x"], Types = ["json"] }));
        Assert.Equal("app_1.yaml", await NamesAsync(dev, new ConfigFilter { AppNames = ["shop", "till"] }));
        Assert.Equal("app_9.yaml", await NamesAsync(similar, new ConfigFilter { DataId = "app*" }));
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task An_item_tells_type_application_name_and_the_checksum_of_what_is_stored(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);
        await client.PublishAsync(new ConfigKey("app.yaml"), "a: 中", new PublishOptions { AppName = "shop" });

        ConfigItem item = await client.ListAsync(new ConfigFilter { DataId = "app.yaml" }, call: null, TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("yaml", "shop", Md5Hex.Of(StrictUtf8.GetBytes("a: 中")), (string?)null), (item.Type, item.AppName, item.Md5, item.Content));
    }

    [Theory]
    [InlineData("One", true)]
    [InlineData("Two", true)]
    [InlineData("Three", false)]
    [InlineData("ThreeTwo", false)]
    public async Task Content_that_a_list_has_saves_the_read(string generation, bool isListed)
    {
        var log = new RecordingLog(AcmLogLevel.Verbose);
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using (AcmClient writer = NacosServers.Connect(server)) await writer.PublishAsync(new ConfigKey("app.yaml"), "a: 1");
        using AcmClient client = NacosServers.Connect(server, log: log);
        ConfigItem item = await client.ListAsync(new ConfigFilter { WithContent = true }, call: null, TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        int before = log.Lines.Count;

        AcmConfig config = await client.GetListedAsync(item, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(isListed, client.HasContent(item));
        Assert.Equal(isListed, log.Lines.Count == before);
        Assert.Equal(("a: 1", Md5Hex.Of(StrictUtf8.GetBytes("a: 1")), "yaml", server.Uri.Authority), (config.Content, config.Md5, config.Type, config.Server));
    }

    [Fact]
    public async Task An_encrypted_configuration_is_always_read()
    {
        await using RunningServer server = await NacosServers.StartAsync("Two");
        using AcmClient client = NacosServers.Connect(server);
        await client.PublishAsync(new ConfigKey("cipher-a"), "x", new PublishOptions { AllowPlaintext = true });

        ConfigItem item = await client.ListAsync(new ConfigFilter { WithContent = true }, call: null, TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);

        Assert.False(client.HasContent(item));
    }

    [Fact]
    public async Task A_page_that_is_too_large_for_the_server_is_asked_for_in_smaller_ones()
    {
        var sizes = new List<string>();
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request =>
        {
            sizes.Add(request.Field("pageSize"));
            return request.Number("pageSize") > 100
                ? ScriptedReply.Text(400, "text/plain", "caused: the answer would be larger than 32 MB: ask for a smaller pageSize;")
                : ScriptedNacos.Json(200, """{"totalCount":1,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"dataId":"a","group":"G","content":"1"}]}""");
        });
        using AcmClient client = ScriptedNacos.Connect(server);

        Assert.Equal("a", await NamesAsync(client, ConfigFilter.All));
        Assert.Equal(["500", "100"], sizes);
    }

    [Theory]
    [InlineData("a,b")]
    [InlineData(" ")]
    public async Task A_tag_that_servers_would_take_for_several_or_none_is_refused(string tag)
    {
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", _ => ScriptedReply.Status(500));
        using AcmClient client = ScriptedNacos.Connect(server);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => NamesAsync(client, new ConfigFilter { Tags = ["x", tag] }));

        Assert.Contains($"'{tag}' is not a valid tag", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task ACM_has_no_types_and_no_tags_to_filter_by()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = Clients.With(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, NoSnapshot = true });
        await client.PublishAsync(new ConfigKey("a"), "1", new PublishOptions { AppName = "shop" });
        await client.PublishAsync(new ConfigKey("b"), "1");

        Assert.Equal(AcmErrorKind.CapabilityMissing, (await Clients.FailsAsync(NamesAsync(client, new ConfigFilter { Tags = ["x"] }))).Kind);
        Assert.Equal(AcmErrorKind.CapabilityMissing, (await Clients.FailsAsync(NamesAsync(client, new ConfigFilter { Types = ["yaml"] }))).Kind);
        Assert.Equal("a", await NamesAsync(client, new ConfigFilter { AppNames = ["shop"] }));
    }

    private static async Task<string> NamesAsync(AcmClient client, ConfigFilter filter)
    {
        List<ConfigItem> items = await client.ListAsync(filter, call: null, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        return string.Join(",", items.Select(item => item.DataId).Order(StringComparer.Ordinal));
    }
}
