using Acm.Server.Storage;
using Acm.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Acm.Tests.Server;

/// <summary>Damaged data files and failing disks.</summary>
public sealed class DamageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-damage-").FullName;

    private string DataFile => Path.Combine(_folder, "acm.db");

    [Theory]
    [InlineData("DROP TABLE current")]
    [InlineData("DROP TABLE history")]
    [InlineData("UPDATE current SET modified_at = 9000000000000000000")]
    [InlineData(null)]
    public async Task A_damaged_data_file_ends_it_with_1_and_one_line_and_is_left_as_it_is(string? damage)
    {
        await MakeDataFileAsync();
        if (damage is null) OverwritePageOfCurrent();
        else Execute(damage);
        byte[] before = await File.ReadAllBytesAsync(DataFile, TestContext.Current.CancellationToken);

        (int exitCode, string output, string errors) = await AcmServerProcess.RunAsync("--data", DataFile, "--urls", "http://127.0.0.1:0");

        Assert.Equal((1, ""), (exitCode, output));
        string line = Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Contains($"'{DataFile}' is damaged", line, StringComparison.Ordinal);
        Assert.Contains("--data", line, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(DataFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_is_no_database_ends_it_with_1_and_one_line()
    {
        await File.WriteAllTextAsync(DataFile, new string('x', 5000), TestContext.Current.CancellationToken);

        (int exitCode, _, string errors) = await AcmServerProcess.RunAsync("--data", DataFile, "--urls", "http://127.0.0.1:0");

        Assert.Equal(1, exitCode);
        Assert.Contains(DataFile, Assert.Single(errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_answered_with_the_reason_and_logged_in_one_line()
    {
        await MakeDataFileAsync();
        Execute("CREATE TRIGGER full BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(DataFile);

        RawResponse answer = await RawHttp.PostAsync(server.Uri, "/diamond-server/basestone.do?method=syncUpdateAll", "dataId=b&group=G&content=1");
        RawResponse health = await RawHttp.GetAsync(server.Uri, "/health");
        await server.StopAsync();

        Assert.Equal((503, 503), (answer.Status, health.Status));
        Assert.Contains("disk is full", answer.Text, StringComparison.Ordinal);
        string line = Assert.Single(server.Errors.TrimEnd().Split('\n'), line => !line.Contains("data in", StringComparison.Ordinal) && !line.Contains("gRPC on", StringComparison.Ordinal));
        Assert.Contains("1 changes were not stored", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_content_that_cannot_be_read_is_answered_with_503_and_logged_in_one_line()
    {
        await MakeDataFileAsync();
        Execute("DELETE FROM history");
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(DataFile);

        RawResponse answer = await RawHttp.GetAsync(server.Uri, "/diamond-server/config.co?dataId=a&group=DEFAULT_GROUP&tenant=ns-0001");
        await server.StopAsync();

        Assert.Equal((503, "Change 1 has no content.\n"), (answer.Status, answer.Text));
        Assert.Single(server.Errors.TrimEnd().Split('\n'), line => line.Contains("has no content", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", server.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nacos/v1/cs/configs?search=accurate&dataId=&group=&tenant=ns-0001&pageNo=1&pageSize=9")]
    [InlineData("/nacos/v1/cs/configs?exportV2=true&group=&dataId=&tenant=ns-0001&ids=")]
    public async Task A_list_or_export_with_a_content_that_cannot_be_read_does_not_look_whole(string target)
    {
        await MakeDataFileAsync();
        Execute("DELETE FROM history");
        await using AcmServerProcess server = await AcmServerProcess.StartOnFileAsync(DataFile, "--nacos-generation", "2");
        using var http = new HttpClient();

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetByteArrayAsync(new Uri(server.Uri, target), TestContext.Current.CancellationToken));
        await server.StopAsync();

        Assert.Single(server.Errors.TrimEnd().Split('\n'), line => line.Contains("has no content", StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_that_fails_leaves_no_connection_open()
    {
        await MakeDataFileAsync();
        Execute("DROP TABLE history");
        using (var readers = new SqliteReaders(DataFile))
        {
            Assert.Throws<SqliteException>(() => readers.Content(1));
        }

        Execute("DROP TABLE current");

        // SQLite deletes the write-ahead log with the last connection.
        Assert.False(File.Exists(DataFile + "-wal"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task MakeDataFileAsync()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { DataFile = DataFile });
        await server.PublishAsync("a", "1");
    }

    private void OverwritePageOfCurrent()
    {
        long page;
        using (var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False"))
        {
            connection.Open();
            page = SqliteFile.Number(connection, "SELECT rootpage FROM sqlite_master WHERE name = 'current'");
        }

        const int PageSize = 4096;
        using FileStream file = File.OpenWrite(DataFile);
        file.Position = (page - 1) * PageSize;
        file.Write(new byte[PageSize].AsSpan());
    }

    private void Execute(string statement)
    {
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        SqliteFile.Execute(connection, statement);
    }
}
