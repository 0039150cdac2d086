using System.Globalization;
using System.Text;
using Acm.Client;
using Acm.Client.Text;
using Acm.Client.Transfer;
using Acm.Tests.Local;
using Acm.Tests.Protocol.Nacos;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Transfers with Nacos: the number of requests, and the kept metadata.</summary>
public sealed class NacosTransferTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Generations => NacosServers.Generations;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.4.8")]
    [InlineData("2.5.1")]
    [InlineData("3.0.3")]
    [InlineData("3.2.0")]
    public async Task Ten_thousand_unchanged_configurations_cost_twenty_requests_a_side(string version)
    {
        await using ScriptedServer server = ScriptedNacos.Start(version, request => Page(request, version, 10_000));
        using AcmClient client = ScriptedNacos.Connect(server);

        TransferPlan plan = await TransferPlan.CompareAsync(
            ConfigSet.OfNamespace(client, "from"), ConfigSet.OfNamespace(client.ForNamespace("to"), "to"), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);

        Assert.Equal(10_000, plan.Items.Count);
        Assert.All(plan.Items, item => Assert.Equal(DifferenceState.Unchanged, item.State));
        Assert.Equal(40, server.Requests.Count(request => request.Target.Contains("pageNo=", StringComparison.Ordinal)));
        Assert.InRange(server.Requests.Count, 41, 42);
    }

    [Theory]
    [InlineData("2.5.1")]
    [InlineData("3.0.3")]
    public async Task Unchanged_files_cost_one_request_for_five_hundred(string version)
    {
        for (int i = 0; i < 600; i++) _folder.Write(Name(i), Name(i));
        await using ScriptedServer server = ScriptedNacos.Start(version, request => Page(request, version, 600));
        using AcmClient client = ScriptedNacos.Connect(server);

        TransferPlan plan = await TransferPlan.MakeAsync(ConfigSet.OfFolder(_folder.Path), ConfigSet.OfNamespace(client, "to"), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(600, plan.Summary.Unchanged);
        Assert.Equal(2, server.Requests.Count(request => !request.Target.Contains("state", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task Differences_of_many_are_those_of_contents_types_and_application_names(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);
        AcmClient to = client.ForNamespace("to");
        for (int i = 0; i < 20; i++)
        {
            var key = new ConfigKey(Name(i));
            await client.PublishAsync(key, "same");
            if (i != 1) await to.PublishAsync(key, i == 2 ? "other" : "same", new PublishOptions { Type = i == 3 ? "json" : null, AppName = i == 4 ? "shop" : null });
        }

        await client.PublishAsync(new ConfigKey(Name(5)), "same", new PublishOptions { AppName = "shop" });
        await to.PublishAsync(new ConfigKey("only-there"), "1");

        TransferPlan plan = await TransferPlan.MakeAsync(ConfigSet.OfNamespace(client, "from"), ConfigSet.OfNamespace(to, "to"), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);
        TransferSummary done = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);
        TransferPlan again = await TransferPlan.MakeAsync(ConfigSet.OfNamespace(client, "from"), ConfigSet.OfNamespace(to, "to"), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["Added k00001", "Changed k00002", "Changed k00003", "Changed k00005", "Removed only-there"],
            plan.Items.Where(item => item.State != DifferenceState.Unchanged).Select(item => $"{item.State} {item.DataId}"));
        Assert.True(done.IsComplete);
        Assert.All(again.Items, item => Assert.Equal(DifferenceState.Unchanged, item.State));
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task Of_a_few_tags_and_description_are_compared_as_well(string generation)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation);
        using AcmClient client = NacosServers.Connect(server);
        var options = new PublishOptions { Tags = "x,y", Description = "of the backup" };
        await client.PublishAsync(new ConfigKey("a.yaml"), "a: 1", options);
        await client.PublishAsync(new ConfigKey("b.yaml"), "b: 1", options);
        await new ConfigExporter(client).ToFolderAsync(_folder.Path, TestContext.Current.CancellationToken);
        await client.PublishAsync(new ConfigKey("a.yaml"), "a: 1", new PublishOptions { Description = "of somebody else" });
        await client.PublishAsync(new ConfigKey("b.yaml"), "b: 1", new PublishOptions { Tags = "y" });
        using AcmClient other = NacosServers.Connect(server);

        TransferPlan plan = await TransferPlan.MakeAsync(ConfigSet.OfFolder(_folder.Path), ConfigSet.OfNamespace(other, "to"), cancellationToken: TestContext.Current.CancellationToken);
        await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);
        AcmConfig a = await other.GetAsync(new ConfigKey("a.yaml"), new AcmCallOptions { WithMetadata = true }, TestContext.Current.CancellationToken);

        Assert.All(plan.Items, item => Assert.Equal((DifferenceState.Changed, TransferOutcome.Done), (item.State, item.Outcome)));
        Assert.Equal("of the backup", a.Description);
        Assert.Equal(["x", "y"], a.Tags.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Generations))]
    public async Task A_copy_from_ACM_brings_text_and_application_name_and_the_type_of_the_ending(string generation)
    {
        await using RunningServer acm = await RunningServer.StartAsync();
        await using RunningServer nacos = await NacosServers.StartAsync(generation);
        using AcmClient from = Clients.With(new AcmClientOptions { Endpoint = acm.Uri.Authority, Direct = true, NoSnapshot = true });
        using AcmClient to = NacosServers.Connect(nacos);
        await from.PublishAsync(new ConfigKey("app.yaml"), "名: 值", new PublishOptions { AppName = "shop" });
        await from.PublishAsync(new ConfigKey("b.properties", "G"), "a=1");

        TransferPlan plan = await MakeAsync();
        TransferSummary done = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);
        TransferPlan again = await MakeAsync();
        AcmConfig copied = await to.GetAsync(new ConfigKey("app.yaml"), new AcmCallOptions { WithMetadata = true }, TestContext.Current.CancellationToken);
        AcmConfig other = await to.GetAsync(new ConfigKey("b.properties", "G"), new AcmCallOptions { WithMetadata = true }, TestContext.Current.CancellationToken);

        Assert.Equal((2, true), (done.Added, done.IsComplete));
        Assert.All(again.Items, item => Assert.Equal(DifferenceState.Unchanged, item.State));
        Assert.Equal(("名: 值", "utf-8", "shop", "yaml"), (copied.Content, copied.Charset, copied.AppName, copied.Type));
        Assert.Equal("properties", other.Type);

        Task<TransferPlan> MakeAsync() => TransferPlan.MakeAsync(ConfigSet.OfNamespace(from, "acm"), ConfigSet.OfNamespace(to, "nacos"), cancellationToken: TestContext.Current.CancellationToken);
    }

    private static string Name(int i) => "k" + i.ToString("D5", CultureInfo.InvariantCulture);

    /// <summary>Returns a page of configurations whose content is their name; Nacos 3 returns MD5s, earlier versions return contents.</summary>
    private static ScriptedReply Page(ScriptedRequest request, string version, int count)
    {
        bool isV3 = version[0] >= '3';
        int size = request.Number("pageSize");
        var items = new StringBuilder();
        foreach (int i in Enumerable.Range(0, count).Skip((request.Number("pageNo") - 1) * size).Take(size))
        {
            string told = isV3 ? $"\"groupName\":\"DEFAULT_GROUP\",\"md5\":\"{Md5Hex.Of(Encoding.UTF8.GetBytes(Name(i)))}\"" : $"\"group\":\"DEFAULT_GROUP\",\"content\":\"{Name(i)}\",\"md5\":null";
            items.Append(items.Length > 0 ? "," : "").Append(CultureInfo.InvariantCulture, $$"""{"dataId":"{{Name(i)}}",{{told}},"type":"text","appName":""}""");
        }

        string page = $$"""{"totalCount":{{count}},"pageNumber":{{request.Number("pageNo")}},"pagesAvailable":{{(count + size - 1) / size}},"pageItems":[{{items}}]}""";
        return ScriptedNacos.Json(200, isV3 ? $$"""{"code":0,"message":"success","data":{{page}}}""" : page);
    }
}
