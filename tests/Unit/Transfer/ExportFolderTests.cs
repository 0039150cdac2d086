using System.Text;
using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

public sealed class ExportFolderTests
{
    private const string Default = ConfigKey.DefaultGroup;

    [Fact]
    public async Task The_default_group_is_at_the_top_other_groups_are_folders_and_the_text_is_UTF8_without_a_mark_and_with_its_line_ends()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "app.yml", "a: 中\r\nb: 1"), ("SHOP", "db.json", "{}\n"), ("分组", "数据", " x "));

        ExportSummary summary = await bench.ExportAsync();

        Assert.Equal(["SHOP/db.json", "app.yml", "分组/数据"], bench.Files());
        Assert.Equal(Encoding.UTF8.GetBytes("a: 中\r\nb: 1"), await File.ReadAllBytesAsync(Path.Combine(bench.Target, "app.yml"), TestContext.Current.CancellationToken));
        Assert.Equal("{}\n", bench.Read("SHOP/db.json"));
        Assert.Equal(" x ", bench.Read("分组/数据"));
        Assert.Equal((3, 0, 0, 0), (summary.Exported, summary.Unchanged, summary.Deleted, summary.Failed));
        Assert.Equal(Encoding.UTF8.GetByteCount("a: 中\r\nb: 1{}\n x "), summary.Bytes);
        Assert.True(summary.IsComplete);
        Assert.Equal(bench.Target, summary.Path);
    }

    [Fact]
    public async Task A_file_that_holds_the_value_already_is_left_alone()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"), (Default, "b", "1"), (Default, "c", "same length 1"));
        await bench.ExportAsync();
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (string name in new[] { "a", "b", "c" }) File.SetLastWriteTimeUtc(Path.Combine(bench.Target, name), old);
        await bench.PublishAsync(Default, "b", "12");
        await bench.PublishAsync(Default, "c", "same length 2");
        var observer = new ExportObserver();

        ExportSummary summary = await bench.ExportAsync(observer);

        Assert.Equal((2, 1), (summary.Exported, summary.Unchanged));
        Assert.Equal(old, File.GetLastWriteTimeUtc(Path.Combine(bench.Target, "a")));
        Assert.Equal(["1", "12", "same length 2"], new[] { "a", "b", "c" }.Select(bench.Read));
        Assert.Equal([ExportState.Unchanged, ExportState.Exported, ExportState.Exported], observer.Items.Select(item => item.State));
    }

    [Fact]
    public async Task R19_names_that_collide_or_that_a_file_system_refuses_all_have_a_file_and_a_record_tells_which()
    {
        (string, string, string)[] configs =
        [
            (Default, "ACM", "data id like a group"), ("ACM", "x", "in the group"), (Default, "App", "capital"), (Default, "app", "small"), (Default, ".env", "dot"),
            ("g", "a:b", "colon"), ("con", "aux.txt", "device"), (Default, "x.", "dot at the end"), (Default, new string('z', 256), "long"),
        ];
        await using ExportBench bench = await ExportBench.WithAsync(configs);

        ExportSummary summary = await bench.ExportAsync();

        string[] files = [.. bench.Files().Where(file => file != TransferRecord.FileName)];
        TransferRecord record = TransferRecord.Parse(await File.ReadAllBytesAsync(Path.Combine(bench.Target, TransferRecord.FileName), TestContext.Current.CancellationToken), "");
        Assert.Equal(configs.Length, summary.Exported);
        Assert.Equal(configs.Length, files.Length);
        foreach ((string group, string dataId, string content) in configs)
            Assert.Equal(content, bench.Read(Assert.Single(files, file => new ConfigKey(dataId, group).Equals(TransferLayout.Read(file, record).Key))));
        Assert.Equal(files.Where(file => file.Contains('%', StringComparison.Ordinal)).Order(StringComparer.Ordinal), record.Files.Keys);
    }

    [Fact]
    public async Task A_name_that_has_to_give_way_later_leaves_no_second_file_behind()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "App", "1"), (Default, "ACM", "2"));
        await bench.ExportAsync();
        await bench.PublishAsync(Default, "app", "3");
        await bench.PublishAsync("ACM", "x", "4");

        ExportSummary summary = await bench.ExportAsync();

        Assert.Equal(["%41pp", "%44EFAULT_GROUP/ACM", TransferRecord.FileName, "ACM/x", "app"], bench.Files());
        Assert.Equal((4, 0), (summary.Exported, summary.Failed));
    }

    [Fact]
    public async Task The_file_with_the_old_spelling_stays_until_the_new_one_is_in_place()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "ACM", "2"));
        await bench.ExportAsync();
        await bench.PublishAsync("ACM", "x", "4");
        bench.Write("%44EFAULT_GROUP", "a file in the place of the new folder");

        ExportSummary summary = await bench.ExportAsync();

        Assert.Equal("2", bench.Read("ACM"));
        Assert.False(summary.IsComplete);
    }

    [Fact]
    public async Task A_configuration_that_is_removed_while_the_export_runs_is_counted_and_told()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"), (Default, "b", "2"));
        var observer = new ExportObserver { AtStart = () => bench.RemoveAsync(Default, "a").GetAwaiter().GetResult() };

        ExportSummary summary = await bench.ExportAsync(observer);

        Assert.Equal((1, 1, false), (summary.Exported, summary.Failed, summary.IsComplete));
        Assert.Equal("'DEFAULT_GROUP/a' was removed while the export ran, so the export does not contain it.", Assert.Single(observer.Errors).Message);
    }

    [Theory]
    [InlineData(1000, 5)]
    [InlineData(10, 1)]
    public async Task Nothing_is_deleted_on_the_word_of_a_list_that_contradicts_itself(int total, int pages)
    {
        await using var server = new ScriptedServer(request => request.IsList
            ? ScriptedReply.Text(200, "application/json", $"{{\"totalCount\":{total},\"pagesAvailable\":{pages},\"pageItems\":[{(request.Number("pageNo") > 1 ? "" : "{\"dataId\":\"c0\",\"group\":\"DEFAULT_GROUP\"}")}]}}")
            : ScriptedReply.Content("x"));
        using AcmClient client = Clients.For(server);
        using var files = new TemporaryFiles();
        for (int i = 0; i < 10; i++) files.Write($"c{i}", "x");

        AcmException error = await Clients.FailsAsync(new ConfigExporter(client, new ExportOptions { Delete = true }).ToFolderAsync(files.Path));

        Assert.Equal(AcmErrorKind.InvalidResponse, error.Kind);
        Assert.Equal(10, Directory.GetFiles(files.Path).Length);
    }

    [Fact]
    public async Task The_layout_does_not_rest_on_the_filter()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "App", "1"), (Default, "app", "2"));

        await bench.ExportAsync(filter: key => key.DataId == "App");
        string[] first = bench.Files();
        await bench.ExportAsync(filter: key => key.DataId == "app");

        Assert.Equal(["%41pp", TransferRecord.FileName], first);
        Assert.Equal(["%41pp", TransferRecord.FileName, "app"], bench.Files());
        Assert.Equal(["1", "2"], [bench.Read("%41pp"), bench.Read("app")]);
    }

    [Fact]
    public async Task S3_a_group_that_would_leave_the_target_is_an_error_and_the_others_go_on()
    {
        await using var server = new ScriptedServer(request => request.IsGet
            ? ScriptedReply.Content("x")
            : ScriptedReply.Text(200, "application/json", """{"totalCount":3,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"dataId":"a","group":".."},{"dataId":"..","group":"DEFAULT_GROUP"},{"dataId":"good","group":"g"}]}"""));
        using AcmClient client = Clients.For(server);
        using var files = new TemporaryFiles();
        string target = Path.Combine(files.Path, "deep", "out");
        var observer = new ExportObserver();

        ExportSummary summary = await Clients.InTime(new ConfigExporter(client, new ExportOptions { Observer = observer }).ToFolderAsync(target));

        Assert.Equal((1, 2), (summary.Exported, summary.Failed));
        Assert.All(observer.Errors, error => Assert.Equal(AcmErrorKind.InvalidKey, error.Kind));
        Assert.Equal([Path.Combine(target, "g", "good")], Directory.GetFiles(files.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task R10_a_server_that_is_busy_with_one_of_them_makes_that_one_an_error_and_no_empty_file()
    {
        await using var server = new ScriptedServer(request =>
            request.IsList ? ScriptedReply.Text(200, "application/json", """{"totalCount":2,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"dataId":"a","group":"DEFAULT_GROUP"},{"dataId":"busy","group":"DEFAULT_GROUP"}]}""")
            : request.IsBatch ? ScriptedReply.Missing
            : request.Target.Contains("dataId=busy", StringComparison.Ordinal) ? ScriptedReply.Text(409, "text/html", "requested file is being modified, please try later.") : ScriptedReply.Content("1"));
        using AcmClient client = Clients.For(server);
        using var files = new TemporaryFiles();
        var observer = new ExportObserver();

        ExportSummary summary = await Clients.InTime(new ConfigExporter(client, new ExportOptions { Observer = observer }).ToFolderAsync(files.Path));

        Assert.Equal((1, 1), (summary.Exported, summary.Failed));
        Assert.Equal("busy", Assert.Single(observer.Errors).Key!.DataId);
        Assert.Equal(["a"], Directory.GetFileSystemEntries(files.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_symbolic_link_in_the_target_is_not_followed_out_of_it()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "new"), ("g", "b", "new"), (Default, "c", "new"));
        string outside = bench.Folder.Write("outside/a", "old");
        Directory.CreateDirectory(bench.Target);
        File.CreateSymbolicLink(Path.Combine(bench.Target, "a"), outside);
        Directory.CreateSymbolicLink(Path.Combine(bench.Target, "g"), Path.GetDirectoryName(outside)!);
        var observer = new ExportObserver();

        ExportSummary summary = await bench.ExportAsync(observer, delete: true);

        Assert.Equal((2, 1), (summary.Exported, summary.Failed));
        Assert.Equal("old", await File.ReadAllTextAsync(outside, TestContext.Current.CancellationToken));
        Assert.Equal(["a"], Directory.GetFiles(Path.GetDirectoryName(outside)!).Select(Path.GetFileName));
        Assert.Null(new FileInfo(Path.Combine(bench.Target, "a")).LinkTarget);
        Assert.Equal("new", bench.Read("a"));
        Assert.Contains("symbolic link", Assert.Single(observer.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_in_the_place_of_a_file_is_an_error_of_that_file()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"), ("g", "b", "2"), (Default, "c", "3"));
        bench.Write("a/deep/file", "x");
        bench.Write("g", "x");
        var observer = new ExportObserver();

        ExportSummary summary = await bench.ExportAsync(observer);

        Assert.Equal((1, 2), (summary.Exported, summary.Failed));
        Assert.All(observer.Errors, error => Assert.Equal(AcmErrorKind.StorageFailed, error.Kind));
        Assert.Equal("3", bench.Read("c"));
        Assert.Equal("x", bench.Read("g"));
    }

    [Fact]
    public async Task A_folder_that_holds_a_damaged_record_is_exported_to_with_a_warning()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, ".env", "1"));
        bench.Write(TransferRecord.FileName, "{");
        var observer = new ExportObserver();

        await bench.ExportAsync(observer);

        Assert.Contains(TransferRecord.FileName, Assert.Single(observer.Warnings), StringComparison.Ordinal);
        Assert.Equal(new ConfigKey(".env"), TransferRecord.Parse(await File.ReadAllBytesAsync(Path.Combine(bench.Target, TransferRecord.FileName), TestContext.Current.CancellationToken), "").Files["%2Eenv"].Key);
    }

    [Fact]
    public async Task The_record_goes_with_the_last_file_that_needs_it()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, ".env", "1"), (Default, "a", "1"));
        await bench.ExportAsync();
        await bench.RemoveAsync(Default, ".env");

        await bench.ExportAsync(delete: true);

        Assert.Equal(["a"], bench.Files());
    }

    [Fact]
    public async Task Two_thousand_configurations_of_every_size_are_exported_whole()
    {
        (string Group, string DataId, string Content)[] configs =
            [.. Enumerable.Range(0, 2000).Select(i => (i % 3 == 0 ? Default : $"group-{i % 7}", $"app-{i}.txt", string.Concat(Enumerable.Repeat($"中{i}\r\n", 1 + (i % 100)))))];
        await using ExportBench bench = await ExportBench.WithAsync();
        await Parallel.ForEachAsync(configs, TestContext.Current.CancellationToken, async (config, _) => await bench.PublishAsync(config.Group, config.DataId, config.Content));

        ExportSummary summary = await bench.ExportAsync();

        Assert.Equal((2000, 0), (summary.Exported, summary.Failed));
        Assert.All(configs, config => Assert.Equal(config.Content, bench.Read(config.Group == Default ? config.DataId : config.Group + "/" + config.DataId)));
    }
}
