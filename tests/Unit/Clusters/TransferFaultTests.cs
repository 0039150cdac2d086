using System.Globalization;
using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.StandIns.Nacos;
using Acm.Tests.Support;

namespace Acm.Tests.Clusters;

/// <summary>If a server fails during an export or import, another one takes over, and nothing is lost or repeated.</summary>
public sealed class TransferFaultTests : IDisposable
{
    private const int Configs = 40;
    private const int Before = 10;

    private readonly TemporaryFiles _files = new();
    private readonly ClusterState _truth = new();

    public static TheoryData<string> Ends => ["resets", "hangs", "starts"];

    public void Dispose() => _files.Dispose();

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task An_export_goes_on_with_another_server(string end)
    {
        foreach (string name in Names()) _truth.Write(name, "content of " + name);
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        EndsAfter(node, request => FaultyNode.IsDetail(request) || FaultyNode.IsGet(request), end);
        using AcmClient client = Connect(node, other);

        ExportSummary summary = await Clients.InTime(new ConfigExporter(client, new ExportOptions { Parallelism = 2 }).ToFolderAsync(_files.Path, TestContext.Current.CancellationToken));

        Assert.Equal((Configs, 0), (summary.Exported, summary.Failed));
        Assert.All(Names(), name => Assert.Equal("content of " + name, File.ReadAllText(Path.Combine(_files.Path, name))));
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task An_import_goes_on_with_another_server_and_publishes_each_once(string end)
    {
        foreach (string name in Names()) _files.Write("DEFAULT_GROUP/" + name, "content of " + name);
        await using var node = new FaultyNode(_truth);
        await using var other = new FaultyNode(_truth);
        EndsAfter(node, FaultyNode.IsPublish, end);
        using AcmClient client = Connect(node, other);
        using var source = ConfigSet.OfFolder(_files.Path);
        using var target = ConfigSet.OfNamespace(client, "target");

        TransferPlan plan = await Clients.InTime(TransferPlan.MakeAsync(source, target, cancellationToken: TestContext.Current.CancellationToken));
        await Clients.InTime(plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal([], plan.Items.Where(item => item.Error is not null).Select(item => item.Error!.Message));
        Assert.All(Names(), name => Assert.Equal(["content of " + name], _truth.History(name).Select(version => version.Content)));
    }

    [Fact]
    public async Task What_the_list_of_the_source_lacks_and_the_source_has_is_not_told_as_only_in_the_target()
    {
        var truthOfTarget = new ClusterState();
        foreach (string name in (string[])["a", "b", "c"]) truthOfTarget.Write(name, "1");
        foreach (string name in (string[])["a", "b"]) _truth.Write(name, "1");
        await using var node = new FaultyNode(_truth) { IsAlone = true, Faults = { Unlisted = name => name == "b" } };
        await using var other = new FaultyNode(truthOfTarget) { IsAlone = true };
        using AcmClient from = Connect(node);
        using AcmClient to = Connect(other);
        using var source = ConfigSet.OfNamespace(from, "source");
        using var target = ConfigSet.OfNamespace(to, "target");

        TransferPlan plan = await Clients.InTime(TransferPlan.CompareAsync(source, target, new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken));

        Assert.Equal(["a Unchanged", "b Unknown", "c Removed"], plan.Items.Select(item => $"{item.DataId} {item.State}"));
        Assert.Contains("whose list did not have it", plan.Items[1].Error!.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names() => Enumerable.Range(0, Configs).Select(i => string.Create(CultureInfo.InvariantCulture, $"k{i:00}"));

    private static AcmClient Connect(params FaultyNode[] nodes) =>
        Clients.With(FaultyNode.Options(nodes) with { TryTimeout = TimeSpan.FromSeconds(60), TotalTimeout = TimeSpan.FromMinutes(10) }, new FastClock(50));

    private static void EndsAfter(FaultyNode node, Func<ScriptedRequest, bool> isCounted, string end)
    {
        int count = 0;
        node.Faults.Script = request =>
        {
            if (isCounted(request) && Interlocked.Increment(ref count) == Before)
            {
                node.Faults.Always = end switch
                {
                    "resets" => ScriptedReply.Reset,
                    "hangs" => ScriptedReply.Hang,
                    _ => ScriptedReply.Text(500, "application/json", """{"resultCode":500,"errorCode":300,"message":"Server is starting,please try later."}"""),
                };
            }

            return null;
        };
    }
}
