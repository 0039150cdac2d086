using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Local;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Executes plans against a real server.</summary>
public sealed class TransferRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_target_becomes_like_the_source_and_a_second_run_has_nothing_to_do()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("same", "s"), ("changed", "old"), ("G/gone", "x"));
        Files(("same", "s"), ("changed", "新\r\n"), ("G/new", "n"));

        TransferSummary first = await RunAsync(server, delete: true);
        TransferSummary second = await RunAsync(server, delete: true);

        Assert.Equal(["G/new=n", "changed=新\r\n", "same=s"], await server.ContentsAsync());
        Assert.Equal("1 1 1 1 0 0 True", Numbers(first));
        Assert.Equal("0 0 0 3 0 0 True", Numbers(second));
        Assert.Equal("folder ns-0001", $"{first.Source} {first.Target}");
    }

    [Fact]
    public async Task Without_deletion_what_only_the_target_has_stays()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("theirs", "x"));
        Files(("ours", "y"));

        await RunAsync(server, delete: false);

        Assert.Equal(["ours=y", "theirs=x"], await server.ContentsAsync());
    }

    [Fact]
    public async Task Only_what_differs_is_published()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        Files([.. Enumerable.Range(0, 50).Select(i => ($"app-{i}", "x"))]);
        await RunAsync(server, delete: false);
        Files(("app-7", "y"));
        var log = new RecordingLog(AcmLogLevel.Verbose);

        await RunAsync(server, delete: false, log: log);

        // Two comparisons (differences and existence), the read for the plan, the check before the publish, and the publish.
        Assert.Equal(5, log.Lines.Count);
        Assert.Contains("app-7", log.Lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task R18_removal_comes_after_all_was_published()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("old-1", "x"), ("old-2", "x"));
        Files(("new-1", "x"), ("new-2", "x"), ("new-3", "x"));
        var order = new List<string>();

        TransferPlan plan = await PlanAsync(server, delete: true);
        await plan.CarryOutAsync(finished: item => Noted(item), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["new", "new", "new", "old", "old"], order);

        ValueTask Noted(TransferItem item)
        {
            lock (order) order.Add(item.DataId[..3]);
            return default;
        }
    }

    [Fact]
    public async Task One_that_fails_does_not_stop_the_others_but_nothing_is_removed_then()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("gone", "x"));
        Files(("a", "1"), ("large", new string('x', 102_401)), ("z", "2"));

        TransferSummary summary = await RunAsync(server, delete: true);

        Assert.Equal(["a=1", "gone=x", "z=2"], await server.ContentsAsync());
        Assert.Equal("2 0 0 0 1 1 False", Numbers(summary));
        TransferItem large = Assert.Single(summary.Items, item => item.Outcome == TransferOutcome.Failed);
        Assert.Equal(AcmErrorKind.ContentTooLarge, large.Error!.Kind);
        Assert.Equal(TransferOutcome.Pending, Assert.Single(summary.Items, item => item.State == DifferenceState.Removed).Outcome);
    }

    [Fact]
    public async Task Where_errors_end_the_run_what_follows_is_left_to_the_next_one()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        Files(("a", "1"), ("b", new string('x', 102_401)), ("c", "2"), ("d", "3"));
        TransferPlan plan = await PlanAsync(server, delete: false, parallelism: 1);

        TransferSummary summary = await plan.CarryOutAsync(continueOnError: false, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["a=1"], await server.ContentsAsync());
        Assert.Equal(["Done", "Failed", "Pending", "Pending"], summary.Items.Select(item => item.Outcome.ToString()));

        _folder.Write("b", "small");
        await RunAsync(server, delete: false);

        Assert.Equal(["a=1", "b=small", "c=2", "d=3"], await server.ContentsAsync());
    }

    [Fact]
    public async Task A_file_that_changed_after_it_was_planned_is_not_published()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        Files(("a", "planned"), ("b", "planned"));
        TransferPlan plan = await PlanAsync(server, delete: false);
        Files(("a", "edited meanwhile"));

        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["b=planned"], await server.ContentsAsync());
        Assert.Equal(AcmErrorKind.Conflict, summary.Items[0].Error!.Kind);
    }

    [Fact]
    public async Task After_a_cancellation_the_outcomes_tell_what_the_server_has()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        Files([.. Enumerable.Range(0, 200).Select(i => ($"app-{i:000}", "x"))]);
        TransferPlan plan = await PlanAsync(server, delete: false, parallelism: 4);
        using var cancelling = new CancellationTokenSource();
        int finished = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => plan.CarryOutAsync(finished: _ => CancelAfterFifty(), cancellationToken: cancelling.Token));

        string[] there = await server.ContentsAsync();
        Dictionary<TransferOutcome, string[]> items = plan.Summary.Items.GroupBy(item => item.Outcome).ToDictionary(group => group.Key, group => group.Select(item => item.DataId + "=x").ToArray());
        Assert.Empty(items[TransferOutcome.Done].Except(there));
        Assert.Empty(there.Intersect(items[TransferOutcome.Pending]));
        Assert.True(items[TransferOutcome.Done].Length >= 50);
        Assert.True(items[TransferOutcome.Pending].Length > 0);

        await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(200, (await server.ContentsAsync()).Length);

        ValueTask CancelAfterFifty()
        {
            if (Interlocked.Increment(ref finished) == 50) cancelling.Cancel();
            return default;
        }
    }

    [Fact]
    public async Task Servers_that_are_gone_end_the_run_soon()
    {
        RunningServer server = await RunningServer.StartAsync();
        var options = new AcmClientOptions
        {
            Endpoint = server.Uri.Authority,
            Direct = true,
            NoSnapshot = true,
            TryTimeout = TimeSpan.FromSeconds(30),
        };
        using var client = new AcmClient(options);
        Files([.. Enumerable.Range(0, 100).Select(i => ($"app-{i:000}", "x"))]);
        TransferPlan plan = await TransferPlan.MakeAsync(
            ConfigSet.OfFolder(_folder.Path), ConfigSet.OfNamespace(client, "blank"), new TransferOptions { Parallelism = 4 }, TestContext.Current.CancellationToken);
        await server.DisposeAsync();

        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.InRange(summary.Failed, 8, 12);
        Assert.Equal(100 - summary.Failed, summary.Pending);
    }

    [Fact]
    public async Task A_namespace_is_copied_with_application_names_and_only_where_it_differs()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.Client.PublishAsync(new ConfigKey("app", "G"), "x", new PublishOptions { AppName = "shop" }, cancellationToken: TestContext.Current.CancellationToken);
        await server.PublishAsync([.. Enumerable.Range(0, 450).Select(i => ($"app-{i}", $"值 {i}\r\n"))]);
        AcmClient prod = server.Client.ForNamespace("prod");
        await prod.PublishAsync(new ConfigKey("app-3"), "值 3\r\n", cancellationToken: TestContext.Current.CancellationToken);
        await prod.PublishAsync(new ConfigKey("extra"), "x", cancellationToken: TestContext.Current.CancellationToken);

        TransferPlan plan = await TransferPlan.MakeAsync(server.Set(), server.Set(prod), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);
        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("450 0 1 1 0 0 True", Numbers(summary));
        Assert.Equal(await server.ContentsAsync(), await server.ContentsAsync(prod));
        ConfigItem item = (await prod.ListPageAsync(1, 500, cancellationToken: TestContext.Current.CancellationToken)).Items.Single(item => item.Group == "G");
        Assert.Equal("shop", item.AppName);
    }

    [Fact]
    public async Task A_configuration_that_can_not_be_read_is_not_copied_and_nothing_is_removed()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        using AcmClient unicode = server.NewClient("ns-0001", options => options with { AllowUnicodeName = true });
        await unicode.PublishAsync(new ConfigKey("数据"), "x", cancellationToken: TestContext.Current.CancellationToken);
        await server.PublishAsync(("app", "x"));
        AcmClient prod = server.Client.ForNamespace("prod");
        await prod.PublishAsync(new ConfigKey("extra"), "x", cancellationToken: TestContext.Current.CancellationToken);

        TransferPlan plan = await TransferPlan.MakeAsync(server.Set(), server.Set(prod), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);
        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("1 0 0 0 1 1 False", Numbers(summary));
        Assert.Equal(AcmErrorKind.InvalidKey, Assert.Single(summary.Items, item => item.State == DifferenceState.Unknown).Error!.Kind);
        Assert.Equal(["app=x", "extra=x"], await server.ContentsAsync(prod));
    }

    private void Files(params (string Key, string Content)[] files)
    {
        foreach ((string key, string content) in files) _folder.Write(key, content);
    }

    private async Task<TransferPlan> PlanAsync(TransferNamespace server, bool delete, int parallelism = 16, IAcmLog? log = null) => await TransferPlan.MakeAsync(
        ConfigSet.OfFolder(_folder.Path, "folder"),
        server.Set(),
        new TransferOptions { IncludeRemoved = delete, Parallelism = parallelism, Call = new AcmCallOptions { Log = log } },
        TestContext.Current.CancellationToken);

    private async Task<TransferSummary> RunAsync(TransferNamespace server, bool delete, IAcmLog? log = null) =>
        await (await PlanAsync(server, delete, log: log)).CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

    private static string Numbers(TransferSummary summary) =>
        $"{summary.Added} {summary.Changed} {summary.Removed} {summary.Unchanged} {summary.Failed} {summary.Pending} {summary.IsComplete}";
}
