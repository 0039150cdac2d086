using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Servers;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Interrupted exports, and the next export over their leftovers.</summary>
public sealed class ExportInterruptedTests
{
    private const string Default = ConfigKey.DefaultGroup;

    [Fact]
    public async Task Before_the_first_file_is_moved_nothing_of_the_folder_changes()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "new"), ("g", "b", "new"));
        bench.Write("a", "old");
        bench.Write("gone", "old");
        string[] during = [];
        var observer = new ExportObserver { AtCommit = () => during = [.. bench.Files().Where(file => !file.StartsWith('.'))] };

        await bench.ExportAsync(observer, delete: true);

        Assert.Equal(["a", "gone"], during);
        Assert.Equal(["a", "g/b"], bench.Files());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ctrl_C_leaves_the_old_folder_and_nothing_beside_it(bool afterTheLastRead)
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "new"), ("g", "b", "new"));
        bench.Write("a", "old");
        using var stop = new CancellationTokenSource();
        var observer = new ExportObserver { AtRead = _ => Stop(!afterTheLastRead), AtCommit = () => Stop(afterTheLastRead) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.ExportAsync(observer, delete: true, cancellationToken: stop.Token));

        Assert.Equal(["a"], bench.Files());
        Assert.Equal("old", bench.Read("a"));

        void Stop(bool now)
        {
            if (now) stop.Cancel();
        }
    }

    [Theory]
    [InlineData("folder", false)]
    [InlineData("folder", true)]
    [InlineData("above/folder", false)]
    [InlineData("above/out.zip", false)]
    [InlineData("above/out.zip", true)]
    public async Task Ctrl_C_leaves_no_empty_folder(string target, bool afterTheLastRead)
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "new"), ("g", "b", "new"));
        using var files = new TemporaryFiles();
        using var stop = new CancellationTokenSource();
        var observer = new ExportObserver { AtRead = _ => Stop(!afterTheLastRead), AtCommit = () => Stop(afterTheLastRead) };
        var exporter = new ConfigExporter(bench.Client, new ExportOptions { Observer = observer });
        string path = Path.Combine(files.Path, target);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => target.EndsWith(".zip", StringComparison.Ordinal) ? exporter.ToZipAsync(path, stop.Token) : exporter.ToFolderAsync(path, stop.Token));

        Assert.Empty(Directory.EnumerateFileSystemEntries(files.Path));

        void Stop(bool now)
        {
            if (now) stop.Cancel();
        }
    }

    [Theory]
    [InlineData("out.zip", 20)]
    [InlineData("out.zip", 2)]
    [InlineData("out", 20)]
    public async Task Servers_that_stop_answering_end_the_export_and_leave_what_was_there(string name, int count)
    {
        string list = string.Join(",", Enumerable.Range(0, count).Select(i => $$"""{"dataId":"a{{i}}","group":"DEFAULT_GROUP"}"""));
        await using var server = new ScriptedServer(request =>
            request.IsList ? ScriptedReply.Text(200, "application/json", $$"""{"totalCount":{{count}},"pageNumber":1,"pagesAvailable":1,"pageItems":[{{list}}]}""")
            : request.IsBatch ? ScriptedReply.Missing : ScriptedReply.Reset);
        using AcmClient client = Clients.For(server);
        using var files = new TemporaryFiles();
        string target = Path.Combine(files.Path, name);
        string old = files.Write(name.EndsWith(".zip", StringComparison.Ordinal) ? name : name + "/a0", "old");
        var observer = new ExportObserver();
        var exporter = new ConfigExporter(client, new ExportOptions { Observer = observer });

        var error = await Assert.ThrowsAsync<AcmException>(() => Clients.InTime(name.EndsWith(".zip", StringComparison.Ordinal) ? exporter.ToZipAsync(target) : exporter.ToFolderAsync(target)));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Contains($"'{target}' was cancelled", error.Message, StringComparison.Ordinal);
        Assert.Equal(Math.Min(count, 4), observer.Errors.Count);
        Assert.Equal("old", await File.ReadAllTextAsync(old, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(files.Path, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("404", "500")]
    [InlineData("500", "500")]
    [InlineData("reset", "reset")]
    public async Task One_that_no_server_answers_for_is_an_error_and_the_others_go_on(string batch, string alone)
    {
        string list = string.Join(",", Enumerable.Range(0, 30).Select(i => $$"""{"dataId":"a{{i}}","group":"DEFAULT_GROUP"}""").Append("""{"dataId":"broken","group":"DEFAULT_GROUP"}"""));
        await using var server = new ScriptedServer(request =>
            request.IsList ? ScriptedReply.Text(200, "application/json", $$"""{"totalCount":31,"pageNumber":1,"pagesAvailable":1,"pageItems":[{{list}}]}""")
            : request.IsBatch ? RotationTests.Fault(batch)
            : request.Target.Contains("dataId=broken", StringComparison.Ordinal) ? RotationTests.Fault(alone) : ScriptedReply.Content("1"));
        using AcmClient client = Clients.With(Clients.Options(server), new PauselessClock());
        using var files = new TemporaryFiles();
        var observer = new ExportObserver();

        ExportSummary summary = await Clients.InTime(new ConfigExporter(client, new ExportOptions { Observer = observer }).ToFolderAsync(files.Path));

        Assert.Equal((30, 1), (summary.Exported, summary.Failed));
        Assert.Equal("broken", Assert.Single(observer.Errors).Key!.DataId);
    }

    [Fact]
    public async Task A_disk_that_takes_no_more_ends_the_export_with_one_error_and_leaves_what_was_there()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "new"), (Default, "b", "new"), (Default, "c", "new"));
        bench.Write("a", "old");
        bench.Write("c", "old");
        var observer = new ExportObserver { AtRead = _ => Directory.Delete(Assert.Single(Directory.GetDirectories(bench.Target)), recursive: true) };

        AcmException error = await Clients.FailsAsync(bench.ExportAsync(observer));

        Assert.Equal(AcmErrorKind.StorageFailed, error.Kind);
        Assert.StartsWith($"The export to '{bench.Target}' failed: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("free space", error.Advice, StringComparison.Ordinal);
        Assert.Empty(observer.Errors);
        Assert.Equal(["a", "c"], bench.Files());
        Assert.Equal("old", bench.Read("a"));
    }

    [Fact]
    public async Task An_observer_that_throws_leaves_the_old_folder_too()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "new"));
        bench.Write("a", "old");
        var observer = new ExportObserver { AtCommit = () => throw new InvalidOperationException("stopped by its first error") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.ExportAsync(observer));

        Assert.Equal("old", bench.Read("a"));
        Assert.Equal(["a"], bench.Files());
    }

    [Fact]
    public async Task What_a_run_that_was_killed_has_left_is_taken_away_and_the_job_finished()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "new a"), (Default, "b", "new b"));
        bench.Write("a", "new a");
        bench.Write("b", "old");
        bench.Write(".acm-export-0123456789ab/lock", "");
        bench.Write(".acm-export-0123456789ab/1", "new b");
        bench.Write(".acm-export-no-lock-yet/0", "half of a fi");

        ExportSummary summary = await bench.ExportAsync();

        Assert.Equal((1, 1), (summary.Exported, summary.Unchanged));
        Assert.Equal(["a", "b"], bench.Files());
        Assert.Equal("new b", bench.Read("b"));
    }

    [Fact]
    public async Task Of_two_exports_into_one_folder_at_once_the_second_is_an_error_that_says_so()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"));
        AcmException? error = null;
        var first = new ExportObserver
        {
            AtCommit = () => error = Assert.ThrowsAsync<AcmException>(() => bench.ExportAsync()).GetAwaiter().GetResult(),
        };

        ExportSummary summary = await bench.ExportAsync(first);

        Assert.Equal(AcmErrorKind.StorageFailed, error!.Kind);
        Assert.Contains("in progress", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, summary.Exported);
        Assert.Equal(["a"], bench.Files());
    }

    [Fact]
    public async Task Exports_that_start_at_the_same_moment_each_succeed_or_say_why_not_and_leave_nothing_behind()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"), ("g", "b", "2"));

        AcmException?[] errors = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            try
            {
                await bench.ExportAsync();
                return null;
            }
            catch (AcmException e)
            {
                return e;
            }
        }));

        Assert.All(errors, error => Assert.True(error is null or { Kind: AcmErrorKind.StorageFailed }, error?.ToString()));
        await bench.ExportAsync();
        Assert.Equal(["a", "g/b"], bench.Files());
        Assert.Equal(["1", "2"], [bench.Read("a"), bench.Read("g/b")]);
    }

    [Fact]
    public async Task A_list_that_fails_changes_nothing()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Text(403, "text/html", "403 error\n"));
        using AcmClient client = Clients.For(server);
        using var files = new TemporaryFiles();
        files.Write("old", "x");

        AcmException error = await Clients.FailsAsync(new ConfigExporter(client, new ExportOptions { Delete = true }).ToFolderAsync(files.Path));

        Assert.Equal(AcmErrorKind.AccessDenied, error.Kind);
        Assert.Equal(["old"], Directory.GetFileSystemEntries(files.Path).Select(Path.GetFileName));
    }
}
