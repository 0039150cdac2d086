using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

public sealed class ExportFailoverTests
{
    private const string Default = ConfigKey.DefaultGroup;

    [Fact]
    public async Task What_is_exported_to_the_failover_folder_goes_before_the_server_until_it_is_exported_again()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "App", "1 中"), ("g", "x", "2"));
        string failover = Path.Combine(bench.Folder.Path, "failover");
        using AcmClient client = Clients.With(bench.Client.Options with { FailoverPath = failover });

        ExportSummary first = await Clients.InTime(new ConfigExporter(client).ToFailoverAsync(failover));
        await bench.PublishAsync(Default, "App", "changed");
        AcmConfig frozen = await Clients.InTime(client.GetAsync(new ConfigKey("App")));
        ExportSummary second = await Clients.InTime(new ConfigExporter(client).ToFailoverAsync(failover));
        AcmConfig fresh = await Clients.InTime(client.GetAsync(new ConfigKey("App")));

        Assert.Equal((2, 0), (first.Exported, first.Unchanged));
        Assert.Equal(("1 中", ConfigSource.Failover), (frozen.Content, frozen.Source));
        Assert.Equal((1, 1), (second.Exported, second.Unchanged));
        Assert.Equal(("changed", ConfigSource.Failover), (fresh.Content, fresh.Source));
    }

    [Fact]
    public async Task R28_an_export_holds_what_the_server_holds_whatever_the_failover_folder_has()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "server"));
        bench.Folder.Write("failover/ns-0001/_default/a", "local");
        using AcmClient client = Clients.With(bench.Client.Options with { FailoverPath = Path.Combine(bench.Folder.Path, "failover") });

        await Clients.InTime(new ConfigExporter(client).ToFolderAsync(bench.Target));

        Assert.Equal("server", bench.Read("a"));
    }

    [Fact]
    public async Task What_is_in_the_way_of_one_is_its_error_and_the_others_go_on()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"), (Default, "b", "2"));
        string failover = Path.Combine(bench.Folder.Path, "failover");
        string inTheWay = Path.Combine(failover, "ns-0001", "_default", "a");
        Directory.CreateDirectory(Path.Combine(inTheWay, "not empty"));
        var observer = new ExportObserver();

        ExportSummary summary = await Clients.InTime(new ConfigExporter(bench.Client, new ExportOptions { Observer = observer }).ToFailoverAsync(failover));

        Assert.Equal((1, 1), (summary.Exported, summary.Failed));
        Assert.StartsWith($"'DEFAULT_GROUP/a' could not be put in place as '{inTheWay}': ", Assert.Single(observer.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_reads_no_snapshot_and_writes_none()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"));
        string snapshots = Path.Combine(bench.Folder.Path, "snapshots");
        using AcmClient client = Clients.With(bench.Client.Options with { NoSnapshot = false, SnapshotPath = snapshots });

        await Clients.InTime(new ConfigExporter(client).ToFolderAsync(bench.Target));

        Assert.False(Directory.Exists(snapshots));
    }
}
