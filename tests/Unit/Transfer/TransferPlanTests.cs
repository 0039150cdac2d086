using System.Text;
using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Local;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Plans against a real server.</summary>
public sealed class TransferPlanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_added_changed_removed_and_equal_is_told_apart()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("same", "中\r\n"), ("changed", "old"), ("G/gone", "x"), ("G/same", "y"));
        Files(("same", "中\r\n"), ("changed", "new"), ("G/same", "y"), ("G/new", "z"));

        TransferPlan plan = await PlanAsync(server, new TransferOptions { IncludeRemoved = true });

        Assert.Empty(plan.Problems);
        Assert.Equal(
            ["DEFAULT_GROUP/changed Changed", "DEFAULT_GROUP/same Unchanged", "G/gone Removed", "G/new Added", "G/same Unchanged"],
            plan.Items.Select(item => $"{item} {item.State}"));
    }

    [Fact]
    public async Task Equal_configurations_are_found_without_reading_one()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        (string, string)[] configs = [.. Enumerable.Range(0, 60).Select(i => ($"app-{i}", $"value {i}"))];
        await server.PublishAsync(configs);
        Files(configs);
        var log = new RecordingLog(AcmLogLevel.Verbose);

        TransferPlan plan = await PlanAsync(server, new TransferOptions { Call = new AcmCallOptions { Log = log } });

        Assert.All(plan.Items, item => Assert.Equal(DifferenceState.Unchanged, item.State));
        Assert.Equal(60, plan.Items.Count);
        Assert.Single(log.Lines);
    }

    [Fact]
    public async Task What_the_filter_leaves_out_is_neither_published_nor_removed()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("app-gone", "x"), ("other-gone", "x"));
        Files(("app-new", "y"), ("other-new", "y"));

        TransferPlan plan = await PlanAsync(server, new TransferOptions { IncludeRemoved = true, Filter = key => key.DataId.StartsWith("app", StringComparison.Ordinal) });

        Assert.Equal(["DEFAULT_GROUP/app-gone Removed", "DEFAULT_GROUP/app-new Added"], plan.Items.Select(item => $"{item} {item.State}"));
    }

    [Theory]
    [InlineData("", "servers do not store")]
    [InlineData(" \r\n", "servers do not store")]
    [InlineData("ok 😀", "U+1F600")]
    [InlineData("a\nb€", "line 2, column 2")]
    public async Task Text_that_the_servers_would_not_take_is_a_problem_of_its_file_before_anything_is_published(string content, string reason)
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        Files(("good", "x"), ("G/bad", content));

        TransferPlan plan = await PlanAsync(server);

        AcmException problem = Assert.Single(plan.Problems);
        Assert.Equal(AcmErrorKind.InvalidContent, problem.Kind);
        Assert.StartsWith("'G/bad' in ", problem.Message, StringComparison.Ordinal);
        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.Empty(plan.Items);
        await Assert.ThrowsAsync<InvalidOperationException>(() => plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(await server.ContentsAsync());
    }

    [Theory]
    [InlineData("price=5 €", "GBK")]
    [InlineData("smile 😀 é", "UTF-8")]
    [InlineData("中文\r\n", "UTF-8")]
    public async Task Text_that_another_connection_wrote_compares_equal_and_stops_nothing(string text, string charset)
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await PublishAsAnotherAsync(server, "theirs", text, charset);
        await server.PublishAsync(("mine", "old"));
        Files(("theirs", text), ("mine", "new"));

        TransferPlan compared = await TransferPlan.CompareAsync(Folder(), server.Set(), cancellationToken: TestContext.Current.CancellationToken);
        TransferPlan back = await TransferPlan.CompareAsync(server.Set(), Folder(), cancellationToken: TestContext.Current.CancellationToken);
        TransferPlan plan = await PlanAsync(server);
        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Empty(plan.Problems);
        foreach (TransferPlan one in new[] { compared, back, plan }) Assert.Equal(["mine Changed", "theirs Unchanged"], one.Items.Select(item => $"{item.DataId} {item.State}"));
        Assert.True(summary.IsComplete);
        Assert.Equal(["mine=new", $"theirs={text}"], await server.ContentsAsync());
    }

    [Fact]
    public async Task Text_in_the_other_charset_that_differs_is_a_difference_and_copies()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await PublishAsAnotherAsync(server, "theirs", "中文 2", "UTF-8");
        Files(("theirs", "中文 1"));

        TransferSummary summary = await (await PlanAsync(server)).CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(1, summary.Changed);
        Assert.Equal(["theirs=中文 1"], await server.ContentsAsync());
    }

    [Fact]
    public async Task Unicode_names_count_where_the_connection_admits_them()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        using AcmClient unicode = server.NewClient("ns-0001", options => options with { AllowUnicodeName = true });
        Files(("数据", "x"));

        TransferPlan refused = await PlanAsync(server);
        TransferPlan taken = await TransferPlan.MakeAsync(Folder(), server.Set(unicode), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Single(refused.Problems);
        Assert.Empty(taken.Problems);
        Assert.Single(taken.Items);
    }

    [Fact]
    public async Task Two_folders_are_compared_without_a_server()
    {
        using var other = new TemporaryFolder();
        Files(("same", "s\n"), ("changed", "new\n"), ("added", "😀\n"), ("blank", ""));
        other.Write("same", "s\n");
        other.Write("changed", "old\n");
        other.Write("gone", "g\n");

        TransferPlan plan = await TransferPlan.CompareAsync(Folder(), ConfigSet.OfFolder(other.Path, "other"), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);

        Assert.Equal(
            ["added Added", "blank Added", "changed Changed", "gone Removed", "same Unchanged"],
            plan.Items.Select(item => $"{item.DataId} {item.State}"));
        Assert.Contains("--- other/DEFAULT_GROUP/changed\n+++ folder/DEFAULT_GROUP/changed\n@@ -1 +1 @@\n-old\n+new\n", await DiffsAsync(plan));
    }

    [Fact]
    public async Task A_server_against_a_folder_is_the_mirror_image_of_the_folder_against_the_server()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("same", "s"), ("changed", "server\n"), ("G/only-server", "x\n"));
        Files(("same", "s"), ("changed", "folder\n"), ("only-folder", "y\n"));
        var options = new TransferOptions { IncludeRemoved = true };

        TransferPlan there = await TransferPlan.CompareAsync(Folder(), server.Set(), options, TestContext.Current.CancellationToken);
        TransferPlan back = await TransferPlan.CompareAsync(server.Set(), Folder(), options, TestContext.Current.CancellationToken);

        Assert.Equal(["changed Changed", "only-folder Added", "same Unchanged", "only-server Removed"], there.Items.Select(item => $"{item.DataId} {item.State}"));
        Assert.Equal(["changed Changed", "only-folder Removed", "same Unchanged", "only-server Added"], back.Items.Select(item => $"{item.DataId} {item.State}"));
        Assert.Contains("-server\n+folder\n", string.Concat(await DiffsAsync(there)), StringComparison.Ordinal);
        Assert.Contains("-folder\n+server\n", string.Concat(await DiffsAsync(back)), StringComparison.Ordinal);
        Assert.Contains("--- /dev/null\n+++ ns-0001/G/only-server\n@@ -0,0 +1 @@\n+x\n", await DiffsAsync(back));
    }

    [Fact]
    public async Task Two_namespaces_are_compared()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("same", "s"), ("changed", "dev"), ("new", "n"));
        AcmClient prod = server.Client.ForNamespace("prod");
        await prod.PublishAsync(new ConfigKey("same"), "s", cancellationToken: TestContext.Current.CancellationToken);
        await prod.PublishAsync(new ConfigKey("changed"), "prod", cancellationToken: TestContext.Current.CancellationToken);
        await prod.PublishAsync(new ConfigKey("old"), "o", cancellationToken: TestContext.Current.CancellationToken);

        TransferPlan plan = await TransferPlan.CompareAsync(server.Set(), server.Set(prod), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken);

        Assert.Equal(["changed Changed", "new Added", "old Removed", "same Unchanged"], plan.Items.Select(item => $"{item.DataId} {item.State}"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task R28_a_failover_file_has_no_say_in_what_is_compared()
    {
        using var failover = new TemporaryFolder();
        failover.Write("ns-0001/_default/app", "local");
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        await server.PublishAsync(("app", "server"));
        using AcmClient client = server.NewClient("ns-0001", options => options with { FailoverPath = failover.Path });

        TransferPlan plan = await TransferPlan.CompareAsync(server.Set(client), server.Set(client.ForNamespace("other")), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("+server", Assert.Single(await DiffsAsync(plan)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_is_not_copied_onto_itself()
    {
        await using TransferNamespace server = await TransferNamespace.StartAsync();
        using AcmClient again = server.NewClient("ns-0001");

        await Assert.ThrowsAsync<ArgumentException>(() => TransferPlan.MakeAsync(server.Set(), server.Set(again)));
    }

    private void Files(params (string Key, string Content)[] files)
    {
        foreach ((string key, string content) in files) _folder.Write(key, content);
    }

    private static async Task PublishAsAnotherAsync(TransferNamespace server, string dataId, string text, string charset)
    {
        Encoding encoding = charset == "GBK" ? CodePagesEncodingProvider.Instance.GetEncoding(936)! : Encoding.UTF8;
        string content = string.Concat(encoding.GetBytes(text).Select(b => $"%{b:X2}"));
        using var http = new HttpClient();
        using var body = new StringContent($"dataId={dataId}&group=DEFAULT_GROUP&tenant=ns-0001&content={content}", Encoding.ASCII);
        body.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("application/x-www-form-urlencoded; charset=" + charset);
        using HttpResponseMessage response = await http.PostAsync(new Uri(server.Uri, "/diamond-server/basestone.do?method=syncUpdateAll"), body, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private ConfigSet Folder() => ConfigSet.OfFolder(_folder.Path, "folder");

    private async Task<TransferPlan> PlanAsync(TransferNamespace server, TransferOptions? options = null) =>
        await TransferPlan.MakeAsync(Folder(), server.Set(), options, TestContext.Current.CancellationToken);

    private static async Task<string[]> DiffsAsync(TransferPlan plan)
    {
        var diffs = new List<string>();
        await foreach (TransferDiff diff in plan.DiffAsync(plan.Items, cancellationToken: TestContext.Current.CancellationToken)) diffs.Add(diff.Text ?? "null");
        return [.. diffs];
    }
}
