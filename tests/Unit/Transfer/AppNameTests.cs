using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Local;

namespace Acm.Tests.Transfer;

/// <summary>The application name of a configuration only changes if one is specified, and is transferred with the configuration.</summary>
public sealed class AppNameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_update_that_gives_none_leaves_it_and_one_that_gives_another_sets_it()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await PublishAsync(server.Client, "a", "1", "shop");

        await PublishAsync(server.Client, "a", "2", null);
        string afterUpdate = await AppNamesAsync(server.Client);
        await PublishAsync(server.Client, "a", "3", "till");

        Assert.Equal("a:shop", afterUpdate);
        Assert.Equal("a:till", await AppNamesAsync(server.Client));
    }

    [Fact]
    public async Task What_was_removed_and_published_again_has_none()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await PublishAsync(server.Client, "a", "1", "shop");
        await server.Client.RemoveAsync(new ConfigKey("a"), cancellationToken: TestContext.Current.CancellationToken);

        await PublishAsync(server.Client, "a", "2", null);

        Assert.Equal("a:", await AppNamesAsync(server.Client));
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("all.zip")]
    public async Task Export_and_import_carry_it(string target)
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await PublishAsync(server.Client, "a", "1", "shop");
        await PublishAsync(server.Client, "b", "1", null);
        string path = Path.Combine(_folder.Path, target);
        AcmClient restored = server.Client.ForNamespace("restored");
        bool isZip = target.EndsWith(".zip", StringComparison.Ordinal);
        var exporter = new ConfigExporter(server.Client);
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        _ = isZip ? await exporter.ToZipAsync(path, cancellationToken) : await exporter.ToFolderAsync(path, cancellationToken);
        using ConfigSet source = isZip ? ConfigSet.OfZip(path) : ConfigSet.OfFolder(path);
        await (await TransferPlan.MakeAsync(source, server.Set(restored), cancellationToken: cancellationToken)).CarryOutAsync(cancellationToken: cancellationToken);

        Assert.Equal("a:shop b:", await AppNamesAsync(restored));
    }

    [Fact]
    public async Task An_import_that_knows_of_none_leaves_the_one_that_is_there()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await PublishAsync(server.Client, "a", "1", "shop");
        _folder.Write("a", "2");
        using ConfigSet source = ConfigSet.OfFolder(_folder.Path);

        await (await TransferPlan.MakeAsync(source, server.Set(), cancellationToken: TestContext.Current.CancellationToken)).CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("a:shop", await AppNamesAsync(server.Client));
    }

    [Fact]
    public async Task A_copy_carries_it_where_nothing_else_differs_and_once()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        AcmClient prod = server.Client.ForNamespace("prod");
        await PublishAsync(server.Client, "a", "1", "shop");
        await PublishAsync(server.Client, "b", "1", null);
        await PublishAsync(prod, "a", "1", "till");
        await PublishAsync(prod, "b", "1", "other");

        TransferPlan plan = await TransferPlan.MakeAsync(server.Set(), server.Set(prod), cancellationToken: cancellationToken);
        await plan.CarryOutAsync(cancellationToken: cancellationToken);
        TransferPlan again = await TransferPlan.MakeAsync(server.Set(), server.Set(prod), cancellationToken: cancellationToken);

        Assert.Equal("a:shop b:other", await AppNamesAsync(prod));
        Assert.Equal(
            ["Changed Done", "Unchanged NothingToDo", "Unchanged NothingToDo", "Unchanged NothingToDo"], plan.Items.Concat(again.Items).Select(item => $"{item.State} {item.Outcome}"));
    }

    [Theory]
    [InlineData(false, "# appName: 'till' -> 'shop'\n")]
    [InlineData(true, "# appName: 'shop' -> 'till'\n")]
    public async Task Another_one_is_a_difference_to_what_an_export_recorded(bool isFolderTarget, string expected)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await PublishAsync(server.Client, "a", "1", "shop");
        await new ConfigExporter(server.Client).ToFolderAsync(_folder.Path, cancellationToken);
        await PublishAsync(server.Client, "a", "1", "till");
        using ConfigSet folder = ConfigSet.OfFolder(_folder.Path);

        TransferPlan plan = await TransferPlan.CompareAsync(isFolderTarget ? server.Set() : folder, isFolderTarget ? folder : server.Set(), cancellationToken: cancellationToken);
        var diffs = new List<TransferDiff>();
        await foreach (TransferDiff diff in plan.DiffAsync(plan.Items, cancellationToken: cancellationToken)) diffs.Add(diff);

        Assert.Equal((DifferenceState.Changed, expected), (plan.Items.Single().State, diffs.Single().Text));
    }

    [Fact]
    public async Task Files_that_tell_of_none_are_not_compared_by_it()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await PublishAsync(server.Client, "a", "1", "shop");
        _folder.Write("a", "1");
        using ConfigSet folder = ConfigSet.OfFolder(_folder.Path);

        TransferPlan there = await TransferPlan.CompareAsync(folder, server.Set(), cancellationToken: TestContext.Current.CancellationToken);
        TransferPlan back = await TransferPlan.CompareAsync(server.Set(), folder, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([DifferenceState.Unchanged, DifferenceState.Unchanged], there.Items.Concat(back.Items).Select(item => item.State));
    }

    private static Task<PublishResult> PublishAsync(AcmClient client, string dataId, string content, string? appName) =>
        client.PublishAsync(new ConfigKey(dataId), content, new PublishOptions { AppName = appName }, cancellationToken: TestContext.Current.CancellationToken);

    private static async Task<string> AppNamesAsync(AcmClient client) =>
        string.Join(' ', (await client.ListPageAsync(1, 200, cancellationToken: TestContext.Current.CancellationToken)).Items.OrderBy(item => item.DataId, StringComparer.Ordinal).Select(item => $"{item.DataId}:{item.AppName}"));
}
