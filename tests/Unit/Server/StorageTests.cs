using Acm.Server.Storage;
using Acm.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Acm.Tests.Server;

public sealed class StorageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("acm-server-").FullName;

    private string DataFile => Path.Combine(_folder, "sub", "acm.db");

    [Fact]
    public async Task Values_survive_a_restart_with_all_that_belongs_to_them()
    {
        await using (RunningServer first = await StartAsync())
        {
            await first.PublishAsync("kept", "test%D6%D0%CE%C4", "&appName=demo&encryptedDataKey=k");
            await first.PublishAsync("removed", "1");
            await first.RemoveAsync("removed");
        }

        await using RunningServer second = await StartAsync();
        RawResponse kept = await second.GetAsync("kept");
        RawResponse list = await RawHttp.GetAsync(second.Uri, "/diamond-server/basestone.do?method=getAllConfigByTenant&tenant=ns-0001");

        Assert.Equal("74657374d6d0cec4", Convert.ToHexStringLower(kept.Body));
        Assert.Equal(("5cd914f0368da5d45cfc6fe9d00299e8", "k"), (kept.Header("Content-MD5"), kept.Header("Encrypted-Data-Key")));
        Assert.Contains("\"totalCount\":1,", list.Text, StringComparison.Ordinal);
        Assert.Contains("\"appName\":\"demo\"", list.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_tells_every_change_when_and_by_whom()
    {
        await using (RunningServer server = await StartAsync())
        {
            await server.PublishAsync("a", "hello");
            await server.PublishAsync("a", "2", "&md5=wrong");
            await server.RemoveAsync("a");
            await server.RemoveAsync("a");
        }

        List<string> rows = Query("SELECT kind || ' ' || data_id || ' ' || coalesce(md5, '-') || ' ' || client_address || ' ' || (changed_at > 0) FROM history ORDER BY id");

        Assert.Equal(["publish a 5d41402abc4b2a76b9719d911017c592 127.0.0.1 1", "remove a - 127.0.0.1 1"], rows);
    }

    [Fact]
    public async Task Publishes_at_once_are_all_kept()
    {
        await using (RunningServer server = await StartAsync())
        {
            RawResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => server.PublishAsync($"k{i % 30}", $"v{i}")));
            Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        }

        Assert.Equal(["300"], Query("SELECT count(*) FROM history"));
        Assert.Equal(["30"], Query("SELECT count(*) FROM current JOIN history ON history.id = current.revision AND history.md5 = current.md5"));
    }

    [Fact]
    public async Task A_data_file_has_one_server_at_a_time()
    {
        await using RunningServer first = await StartAsync();

        IOException error = Assert.Throws<IOException>(() => new SqliteJournal(DataFile).Dispose());

        Assert.Contains("another server", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_database_of_another_program_is_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(DataFile)!);
        using (var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False"))
        {
            connection.Open();
            SqliteFile.Execute(connection, "CREATE TABLE theirs (id)");
        }

        Assert.Throws<IOException>(() => new SqliteJournal(DataFile));

        Assert.Equal(["theirs"], Query("SELECT name FROM sqlite_master"));
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_and_left_alone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(DataFile)!);
        File.WriteAllText(DataFile, new string('x', 5000));

        StorageException error = Assert.Throws<StorageException>(() => new SqliteJournal(DataFile));

        Assert.Contains(DataFile, error.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(DataFile));
    }

    [Fact]
    public void A_path_below_a_file_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");

        Assert.Throws<IOException>(() => new SqliteJournal(Path.Combine(_folder, "file", "acm.db")));
    }

    [Fact]
    public async Task Other_users_cannot_read_the_data()
    {
        // Windows has no file modes; files inherit the permissions of their folder.
        if (OperatingSystem.IsWindows()) return;

        await using RunningServer server = await StartAsync();
        await server.PublishAsync("a", "1");

        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(DataFile)!))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public void Contents_that_nobody_reads_make_room_and_those_that_are_read_stay()
    {
        var cache = new ContentCache(budgetBytes: 250);
        ConfigEntry[] entries = [.. Enumerable.Range(0, 3).Select(i => new ConfigEntry { Revision = i, Md5 = "", Length = 100, Charset = "GBK", ModifiedAt = default })];

        cache.Keep(entries[0], new byte[100]);
        cache.Keep(entries[1], new byte[100]);
        entries[0].RecentlyRead = true;
        cache.Keep(entries[2], new byte[100]);

        Assert.NotNull(entries[0].Content);
        Assert.Null(entries[1].Content);
        Assert.NotNull(entries[2].Content);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<RunningServer> StartAsync() => RunningServer.StartAsync(options => options with { DataFile = DataFile });

    private List<string> Query(string query)
    {
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        using SqliteCommand command = SqliteFile.Command(connection, query);
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetValue(0).ToString()!);
        return rows;
    }
}
