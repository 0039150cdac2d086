using System.IO.Compression;
using System.Text;
using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

public sealed class ExportZipTests
{
    private const string Default = ConfigKey.DefaultGroup;

    [Fact]
    public async Task A_zip_has_the_layout_of_a_folder_without_entries_for_folders()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "app.yml", "a: 中\r\n"), ("SHOP", "db.json", "{}"), ("分组", "数据", "x"));

        ExportSummary summary = await bench.ZipAsync();

        Assert.Equal([("SHOP/db.json", "{}"), ("app.yml", "a: 中\r\n"), ("分组/数据", "x")], Entries(bench.Zip));
        Assert.Equal((3, 0), (summary.Exported, summary.Failed));
    }

    [Fact]
    public async Task A_zip_is_deflated_and_equal_exports_make_equal_zips()
    {
        await using ExportBench bench = await ExportBench.WithAsync([.. Enumerable.Range(0, 150).Select(i => ($"g{i % 5}", $"app-{i}", new string('x', 1000 + i)))]);

        await bench.ZipAsync();
        byte[] first = await File.ReadAllBytesAsync(bench.Zip, TestContext.Current.CancellationToken);
        await bench.ZipAsync();
        byte[] second = await File.ReadAllBytesAsync(bench.Zip, TestContext.Current.CancellationToken);

        Assert.Equal(first, second);
        Assert.InRange(first.Length, 1, 60_000);
    }

    [Fact]
    public async Task R20_an_export_that_fails_or_is_stopped_leaves_the_old_zip_whole_and_nothing_beside_it()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "old"));
        await bench.ZipAsync();
        await bench.PublishAsync(Default, "a", "new");
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.ZipAsync(new ExportObserver { AtCommit = stop.Cancel }, stop.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.ZipAsync(new ExportObserver { AtRead = _ => throw new InvalidOperationException() }));

        Assert.Equal([("a", "old")], Entries(bench.Zip));
        Assert.Equal(["out.zip"], bench.Folder.Files());
    }

    [Fact]
    public async Task R20_the_old_zip_is_whole_until_the_new_one_takes_its_place()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "old"));
        await bench.ZipAsync();
        await bench.PublishAsync(Default, "a", "new");
        (string, string)[] during = [];

        await bench.ZipAsync(new ExportObserver { AtCommit = () => during = Entries(bench.Zip) });

        Assert.Equal([("a", "old")], during);
        Assert.Equal([("a", "new")], Entries(bench.Zip));
    }

    [Fact]
    public async Task The_half_zip_of_a_run_that_was_killed_is_taken_away_by_the_next()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, "a", "1"));
        bench.Folder.Write(".out.zip.0123456789ab.acm-export", "half");
        bench.Folder.Write(".other.zip.0123456789ab.acm-export", "another's");
        string live = bench.Folder.Write(".out.zip.ba9876543210.acm-export", "half");
        await using (new FileStream(live, FileMode.Open, FileAccess.Write, FileShare.None)) await bench.ZipAsync();

        Assert.Equal([".other.zip.0123456789ab.acm-export", ".out.zip.ba9876543210.acm-export", "out.zip"], bench.Folder.Files());
    }

    [Fact]
    public async Task The_record_of_a_zip_lies_where_the_Python_cli_passes_over_it()
    {
        await using ExportBench bench = await ExportBench.WithAsync((Default, ".env", "1"), ("g", "a:b", "2"));

        await bench.ZipAsync();

        (string Name, string Text)[] entries = Entries(bench.Zip);
        Assert.Equal(["%2Eenv", "g/a%3Ab", TransferRecord.ZipEntryName], entries.Select(entry => entry.Name));
        Assert.True(TransferRecord.ZipEntryName.Count(c => c == '/') > 1);
        Assert.Equal(["%2Eenv", "g/a%3Ab"], TransferRecord.Parse(Encoding.UTF8.GetBytes(entries[^1].Text), "").Files.Keys);
    }

    [Fact]
    public async Task A_namespace_that_has_nothing_is_an_error_and_no_zip()
    {
        await using ExportBench bench = await ExportBench.WithAsync();

        AcmException error = await Assert.ThrowsAsync<AcmException>(() => bench.ZipAsync());

        Assert.Equal(AcmErrorKind.ConfigNotFound, error.Kind);
        Assert.False(File.Exists(bench.Zip));
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_read_is_an_error_and_the_zip_has_the_others()
    {
        await using var server = new ScriptedServer(request =>
            request.IsBatch ? ScriptedReply.Missing
            : request.IsList ? ScriptedReply.Text(200, "application/json", """{"totalCount":2,"pageNumber":1,"pagesAvailable":1,"pageItems":[{"dataId":"a","group":"DEFAULT_GROUP"},{"dataId":"denied","group":"DEFAULT_GROUP"}]}""")
            : request.Target.Contains("dataId=denied", StringComparison.Ordinal) ? ScriptedReply.Text(403, "text/html", "403 error\n") : ScriptedReply.Content("1"));
        using AcmClient client = Clients.For(server);
        using var files = new TemporaryFiles();
        string zip = Path.Combine(files.Path, "sub", "x.zip");

        ExportSummary summary = await Clients.InTime(new ConfigExporter(client).ToZipAsync(zip));

        Assert.Equal((1, 1), (summary.Exported, summary.Failed));
        Assert.Equal([("a", "1")], Entries(zip));
    }

    private static (string Name, string Text)[] Entries(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        return [.. zip.Entries.Select(entry => (entry.FullName, Text(entry)))];
    }

    private static string Text(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(entry.Open(), new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false);
        return reader.ReadToEnd();
    }
}
