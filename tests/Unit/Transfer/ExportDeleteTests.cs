using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

public sealed class ExportDeleteTests
{
    private const string Default = ConfigKey.DefaultGroup;

    [Fact]
    public async Task Files_that_the_server_does_not_have_go_and_so_do_the_folders_that_they_leave_empty()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"), ("g", "b", "2"));
        foreach (string file in new[] { "old", "g/old", "gone/old", "kept/old", "kept/.keep" }) bench.Write(file, "x");
        var observer = new ExportObserver();

        ExportSummary summary = await bench.ExportAsync(observer, delete: true);

        Assert.Equal(4, summary.Deleted);
        Assert.Equal(["a", "g/b", "kept/.keep"], bench.Files());
        Assert.False(Directory.Exists(Path.Combine(bench.Target, "gone")));
        Assert.Equal(observer.Obsolete, observer.Asked);
        Assert.Equal(4, observer.Items.Count(item => item.State == ExportState.Deleted));
    }

    [Fact]
    public async Task R16_what_is_hidden_or_below_it_or_no_configuration_is_left_alone()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"));
        string[] kept = [".git/HEAD", ".git/hooks/pre-commit", ".gitignore", "docs/guide/page", "g/.hidden", "my notes", "name%zz"];
        foreach (string file in kept) bench.Write(file, "x");

        ExportSummary summary = await bench.ExportAsync(delete: true);

        Assert.Equal(0, summary.Deleted);
        Assert.Equal(kept.Append("a").Order(StringComparer.Ordinal), bench.Files());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/.")]
    public async Task R17_a_separator_at_the_end_of_the_target_changes_nothing(string end)
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"), ("g", "b", "2"));
        await bench.ExportAsync();
        bench.Write("old", "x");
        var observer = new ExportObserver();

        await Clients.InTime(new ConfigExporter(bench.Client, new ExportOptions { Delete = true, Observer = observer }).ToFolderAsync(bench.Target + end));

        Assert.Equal([Path.Combine(bench.Target, "old")], observer.Asked);
        Assert.Equal(["a", "g/b"], bench.Files());
    }

    [Fact]
    public async Task Who_declines_keeps_the_files_and_has_the_export_all_the_same()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"));
        bench.Write("old", "x");

        ExportSummary summary = await bench.ExportAsync(new ExportObserver { Agrees = false }, delete: true);

        Assert.Equal((1, 0), (summary.Exported, summary.Deleted));
        Assert.Equal(["a", "old"], bench.Files());
    }

    [Fact]
    public async Task Nothing_is_deleted_where_a_read_failed()
    {
        await using var server = new ScriptedServer(request =>
            request.IsPoll ? ScriptedReply.Text(200, "text/html", "")
            : request.IsBatch ? ScriptedReply.Missing
            : !request.IsGet ? ScriptedReply.Text(200, "application/json", """{"totalCount":2,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"dataId":"a","group":"DEFAULT_GROUP"},{"dataId":"denied","group":"DEFAULT_GROUP"}]}""")
            : request.Target.Contains("dataId=denied", StringComparison.Ordinal) ? ScriptedReply.Text(403, "text/html", "403 error\n") : ScriptedReply.Content("1"));
        using AcmClient client = Clients.For(server);
        using var files = new TemporaryFiles();
        files.Write("old", "x");
        var observer = new ExportObserver();

        ExportSummary summary = await Clients.InTime(new ConfigExporter(client, new ExportOptions { Delete = true, Observer = observer }).ToFolderAsync(files.Path));

        Assert.Equal((1, 0, 1), (summary.Exported, summary.Deleted, summary.Failed));
        Assert.False(summary.IsComplete);
        Assert.Null(observer.Asked);
        Assert.Contains("Nothing is deleted", Assert.Single(observer.Warnings), StringComparison.Ordinal);
        Assert.Equal(AcmErrorKind.AccessDenied, Assert.Single(observer.Errors).Kind);
        Assert.True(File.Exists(Path.Combine(files.Path, "old")));
    }

    [Fact]
    public async Task A_filter_bounds_the_deletion_and_never_makes_a_file_obsolete()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"), ("g", "b", "2"));
        await bench.ExportAsync();
        bench.Write("old", "x");
        bench.Write("g/old", "x");

        ExportSummary summary = await bench.ExportAsync(new ExportObserver(), delete: true, filter: key => key.Group == "g");

        Assert.Equal(1, summary.Deleted);
        Assert.Equal(["a", "g/b", "old"], bench.Files());
    }

    [Fact]
    public async Task A_file_in_the_way_of_a_groups_folder_goes_before_the_folder_comes()
    {
        await using ExportBench bench = await ExportBench.WithAsync(("g", "b", "2"));
        bench.Write("g", "a data id that was removed");

        ExportSummary summary = await bench.ExportAsync(new ExportObserver(), delete: true);

        Assert.Equal((1, 1, 0), (summary.Exported, summary.Deleted, summary.Failed));
        Assert.Equal(["g/b"], bench.Files());
    }

    [Fact]
    public async Task A_link_that_is_obsolete_goes_and_what_it_leads_to_stays()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"));
        string outside = bench.Folder.Write("outside", "x");
        Directory.CreateDirectory(bench.Target);
        File.CreateSymbolicLink(Path.Combine(bench.Target, "old"), outside);

        await bench.ExportAsync(new ExportObserver(), delete: true);

        Assert.Equal(["a"], bench.Files());
        Assert.True(File.Exists(outside));
    }

    [Fact]
    public async Task A_file_whose_configuration_the_list_lacks_and_the_server_has_stays_and_is_a_conflict()
    {
        await using var server = new ScriptedServer(request =>
            request.IsPoll ? ScriptedReply.Text(200, "text/html", "live%02DEFAULT_GROUP%02ns-0001%01\n")
            : request.IsBatch ? ScriptedReply.Missing
            : request.IsGet ? ScriptedReply.Content("1")
            : ScriptedReply.Text(200, "application/json", """{"totalCount":1,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"dataId":"a","group":"DEFAULT_GROUP"}]}"""));
        using AcmClient client = Clients.For(server);
        using var files = new TemporaryFiles();
        files.Write("live", "x");
        files.Write("old", "x");
        var observer = new ExportObserver();

        ExportSummary summary = await Clients.InTime(new ConfigExporter(client, new ExportOptions { Delete = true, Observer = observer }).ToFolderAsync(files.Path));

        AcmException error = Assert.Single(observer.Errors);
        Assert.Equal((AcmErrorKind.Conflict, new ConfigKey("live")), (error.Kind, error.Key));
        Assert.Equal((1, 0, 1), (summary.Exported, summary.Deleted, summary.Failed));
        Assert.Equal([Path.Combine(files.Path, "old")], observer.Obsolete);
        Assert.True(File.Exists(Path.Combine(files.Path, "live")));
        Assert.True(File.Exists(Path.Combine(files.Path, "old")));
    }
}
