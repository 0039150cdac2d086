using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Local;

namespace Acm.Tests.Transfer;

/// <summary>Changes by others after the plan was made are neither overwritten nor removed.</summary>
public sealed class TransferConflictTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_value_that_moved_is_a_conflict_of_its_own_and_the_others_go_on()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("changed", "old"), ("other", "old"), ("vanished", "old"), ("gone", "old"), ("kept", "old"));
        Files(("changed", "new"), ("other", "new"), ("vanished", "new"), ("created", "new"), ("added", "new"));
        TransferPlan plan = await PlanAsync(server);
        await server.PublishAsync(("changed", "a hotfix"), ("created", "of somebody else"), ("kept", "a hotfix"));
        await server.Client.RemoveAsync(new ConfigKey("vanished"), cancellationToken: TestContext.Current.CancellationToken);

        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["added=new", "changed=a hotfix", "created=of somebody else", "kept=a hotfix", "other=new"], await server.ContentsAsync());
        Assert.Equal(["changed", "created", "kept", "vanished"], summary.Items.Where(item => item.Outcome == TransferOutcome.Failed).Select(item => item.DataId));
        Assert.All(summary.Items.Select(item => item.Error).OfType<AcmException>(), error => Assert.Equal(AcmErrorKind.Conflict, error.Kind));
        Assert.Equal((1, 1, 1, 4, false), (summary.Added, summary.Changed, summary.Removed, summary.Failed, summary.IsComplete));
    }

    [Fact]
    public async Task The_error_tells_what_moved()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("changed", "hello"), ("vanished", "old"));
        Files(("changed", "new"), ("created", "new"), ("vanished", "new"));
        TransferPlan plan = await PlanAsync(server);
        await server.PublishAsync(("changed", "v2"), ("created", "v2"));
        await server.Client.RemoveAsync(new ConfigKey("vanished"), cancellationToken: TestContext.Current.CancellationToken);

        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        string[] messages = [.. summary.Items.Select(item => item.Error!.Message)];
        Assert.StartsWith("'DEFAULT_GROUP/changed' in 'ns-0001' was changed at 2", messages[0], StringComparison.Ordinal);
        Assert.EndsWith("after the plan was made, and was not changed. Its MD5 was 5d41402abc4b2a76b9719d911017c592 and is 1b267619c4812cc46ee281747884ca50.", messages[0], StringComparison.Ordinal);
        Assert.StartsWith("'DEFAULT_GROUP/created' in 'ns-0001' was created at 2", messages[1], StringComparison.Ordinal);
        Assert.Equal("'DEFAULT_GROUP/vanished' in 'ns-0001' was removed after the plan was made, and was not changed.", messages[2]);
    }

    [Fact]
    public async Task What_is_as_it_is_to_be_already_is_done_whoever_did_it()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("changed", "old"), ("gone", "old"));
        Files(("changed", "new"), ("created", "new"));
        TransferPlan plan = await PlanAsync(server);
        await server.PublishAsync(("changed", "new"), ("created", "new"));
        await server.Client.RemoveAsync(new ConfigKey("gone"), cancellationToken: TestContext.Current.CancellationToken);

        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(summary.IsComplete);
    }

    [Fact]
    public async Task A_copy_heeds_what_changed_in_the_target()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        AcmClient prod = server.Client.ForNamespace("prod");
        await server.PublishAsync(("app", "new"));
        await prod.PublishAsync(new ConfigKey("app"), "old", cancellationToken: TestContext.Current.CancellationToken);
        await prod.PublishAsync(new ConfigKey("extra"), "old", cancellationToken: TestContext.Current.CancellationToken);
        TransferPlan plan = await TransferPlan.MakeAsync(server.Set(), server.Set(prod), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);
        await prod.PublishAsync(new ConfigKey("app"), "a hotfix", cancellationToken: TestContext.Current.CancellationToken);
        await prod.PublishAsync(new ConfigKey("extra"), "a hotfix", cancellationToken: TestContext.Current.CancellationToken);

        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["app=a hotfix", "extra=a hotfix"], await server.ContentsAsync(prod));
        Assert.Equal(2, summary.Failed);
    }

    [Fact]
    public async Task What_the_source_has_after_all_is_a_conflict_and_is_not_removed()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        AcmClient prod = server.Client.ForNamespace("prod");
        await server.PublishAsync(("app", "1"));
        foreach (string key in new[] { "app", "gone", "live" }) await prod.PublishAsync(new ConfigKey(key), "1", cancellationToken: TestContext.Current.CancellationToken);
        TransferPlan plan = await TransferPlan.MakeAsync(server.Set(), server.Set(prod), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);

        // As if it had been missed between two pages of the list.
        await server.PublishAsync(("live", "1"));
        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["app=1", "live=1"], await server.ContentsAsync(prod));
        TransferItem kept = Assert.Single(summary.Items, item => item.Outcome == TransferOutcome.Failed);
        Assert.Equal((AcmErrorKind.Conflict, new ConfigKey("live")), (kept.Error!.Kind, kept.Error.Key));
        Assert.Equal(1, summary.Removed);
    }

    [Fact]
    public async Task What_could_not_be_published_still_holds_back_the_removal()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("gone", "x"), ("moved", "old"));
        Files(("moved", "new"), ("large", new string('x', 102_401)));
        TransferPlan plan = await PlanAsync(server);
        await server.PublishAsync(("moved", "a hotfix"));

        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["gone=x", "moved=a hotfix"], await server.ContentsAsync());
        Assert.Equal(2, summary.Failed);
    }

    private void Files(params (string Key, string Content)[] files)
    {
        foreach ((string key, string content) in files) _folder.Write(key, content);
    }

    private Task<TransferPlan> PlanAsync(TransferNamespace server) => TransferPlan.MakeAsync(
        ConfigSet.OfFolder(_folder.Path, "folder"), server.Set(), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);
}
