using Acm.Server.Storage;
using Acm.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Acm.Tests.Server;

/// <summary>Data files of older and newer servers, what the history keeps, and backups.</summary>
public sealed class DataFileVersionTests : IDisposable
{
    // The schema of the first release.
    private const string FirstFormat = """
        CREATE TABLE history (
            id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, grp TEXT NOT NULL, data_id TEXT NOT NULL, kind TEXT NOT NULL, changed_at INTEGER NOT NULL,
            md5 TEXT, charset TEXT, app_name TEXT, encrypted_data_key TEXT, access_key TEXT, client_address TEXT NOT NULL, content BLOB);
        CREATE INDEX history_of_key ON history (tenant, grp, data_id, id);
        CREATE TABLE current (
            tenant TEXT NOT NULL, grp TEXT NOT NULL, data_id TEXT NOT NULL, revision INTEGER NOT NULL, modified_at INTEGER NOT NULL, md5 TEXT NOT NULL,
            length INTEGER NOT NULL, charset TEXT NOT NULL, app_name TEXT NOT NULL, encrypted_data_key TEXT, PRIMARY KEY (tenant, grp, data_id)) WITHOUT ROWID;
        INSERT INTO history VALUES (1, 'ns-0001', 'DEFAULT_GROUP', 'a', 'publish', 1700000000000, '0cc175b9c0f1b6a831c399e269772661', 'GBK', 'app', NULL, 'key', '10.1.2.3', x'61');
        INSERT INTO history VALUES (2, 'ns-0001', 'DEFAULT_GROUP', 'a', 'remove', 1700000001000, NULL, NULL, NULL, NULL, 'key', '10.1.2.3', NULL);
        INSERT INTO history VALUES (3, 'ns-0001', 'DEFAULT_GROUP', 'a', 'publish', 1700000002000, '0cc175b9c0f1b6a831c399e269772661', 'GBK', 'app', NULL, 'key', '10.1.2.3', x'61');
        INSERT INTO history VALUES (4, 'ns-0001', 'DEFAULT_GROUP', 'a', 'publish', 1700000003000, '92eb5ffee6ae2fec3ad71c777531578f', 'GBK', 'app', 'k', 'key', '10.1.2.3', x'62');
        INSERT INTO current VALUES ('ns-0001', 'DEFAULT_GROUP', 'a', 4, 1700000003000, '92eb5ffee6ae2fec3ad71c777531578f', 1, 'GBK', 'app', 'k');
        PRAGMA application_id = 1094929779; PRAGMA user_version = 1;
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("acm-versions-").FullName;

    private string DataFile => Path.Combine(_folder, "acm.db");

    [Fact]
    public async Task The_file_of_the_first_release_is_taken_over_with_its_history()
    {
        Make(FirstFormat);

        await using RunningServer server = await RunningServer.StartAsync(options => options with { DataFile = DataFile, HistoryDays = 0 });
        RawResponse value = await server.GetAsync("a");
        using var journal = new SqliteHistoryReader(DataFile);
        IReadOnlyList<HistoryItem> items = journal.Page(new ConfigKey("ns-0001", "DEFAULT_GROUP", "a"));

        Assert.Equal(("b", "k"), (value.Text, value.Header("Encrypted-Data-Key")));
        Assert.Equal([(Operation.Update, "0cc175b9c0f1b6a831c399e269772661"), (Operation.Insert, "0cc175b9c0f1b6a831c399e269772661"), (Operation.Delete, "0cc175b9c0f1b6a831c399e269772661"), (Operation.Insert, "0cc175b9c0f1b6a831c399e269772661")], items.Select(item => (item.Operation, item.Md5)));
        Assert.All(items, item => Assert.Equal(("key", "10.1.2.3"), (item.By, item.From)));
    }

    [Fact]
    public void The_file_of_a_newer_server_is_refused_and_not_touched()
    {
        Make(FirstFormat + "PRAGMA user_version = 99;");
        byte[] before = File.ReadAllBytes(DataFile);

        IOException error = Assert.Throws<IOException>(() => new SqliteJournal(DataFile));

        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(DataFile));
        Assert.False(File.Exists(DataFile + "-wal"));
    }

    [Fact]
    public async Task The_history_keeps_so_many_changes_of_a_key_and_each_shows_what_it_replaced()
    {
        await using RunningServer server = await RunningServer.StartAsync(options => options with { DataFile = DataFile, HistoryRevisions = 3 });
        for (int i = 0; i < 10; i++) await server.PublishAsync("a", $"v{i}");

        server.PruneHistory();
        using var journal = new SqliteHistoryReader(DataFile);
        IReadOnlyList<HistoryItem> items = journal.Page(new ConfigKey("ns-0001", "DEFAULT_GROUP", "a"));

        Assert.Equal(["v8", "v7", "v6"], items.Select(item => journal.Text(item)));
        Assert.Equal("v9", (await server.GetAsync("a")).Text);
    }

    [Fact]
    public async Task What_was_changed_before_a_start_is_limited_as_well()
    {
        await using (RunningServer server = await RunningServer.StartAsync(options => options with { DataFile = DataFile, HistoryRevisions = 0 }))
        {
            for (int i = 0; i < 30; i++) await server.PublishAsync("a", $"v{i}");
            await server.PublishAsync("b", "1");
        }

        using (var file = new SqliteJournal(DataFile))
        {
            while (file.Prune(DateTimeOffset.UnixEpoch, 10)) { }

            Assert.Equal((10, 1), (file.History(new ConfigKey("ns-0001", "DEFAULT_GROUP", "a"), 0, 100, formalOnly: false).Items.Count, file.History(new ConfigKey("ns-0001", "DEFAULT_GROUP", "b"), 0, 100, formalOnly: false).Items.Count));
        }
    }

    [Fact]
    public async Task Of_a_secret_that_the_history_gave_up_no_byte_is_left_in_the_files()
    {
        byte[] secret = "canary-4711-0815"u8.ToArray();
        await using RunningServer server = await RunningServer.StartAsync(options => options with { DataFile = DataFile, HistoryRevisions = 2 });
        await server.PublishAsync("a", System.Text.Encoding.ASCII.GetString(secret));
        Checkpoint();
        Assert.True(HasBytes(secret));
        for (int i = 0; i < 10; i++) await server.PublishAsync("a", $"v{i}");

        server.PruneHistory();
        Checkpoint();

        Assert.False(HasBytes(secret));
    }

    [Fact]
    public async Task What_is_older_than_the_limit_goes_and_a_current_value_stays()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using RunningServer server = await RunningServer.StartAsync(options => options with { DataFile = DataFile, HistoryDays = 30 }, clock);
        await server.PublishAsync("kept", "1");
        await server.PublishAsync("gone", "secret");
        await server.RemoveAsync("gone");

        clock.Advance(TimeSpan.FromDays(31));
        server.PruneHistory();
        using var journal = new SqliteHistoryReader(DataFile);

        Assert.Empty(journal.Page(new ConfigKey("ns-0001", "DEFAULT_GROUP", "gone")));
        Assert.Equal("1", (await server.GetAsync("kept")).Text);
        Assert.Single(journal.Page(new ConfigKey("ns-0001", "DEFAULT_GROUP", "kept")));
    }

    [Fact]
    public async Task A_backup_of_a_running_server_has_all_that_was_acknowledged()
    {
        string copy = Path.Combine(_folder, "copy.db");
        await using (RunningServer server = await RunningServer.StartWithAsync("--data", DataFile))
        {
            await RawHttp.PostAsync(server.Uri, "/diamond-server/basestone.do?method=syncUpdateAll", "dataId=a&group=G&content=1");
            (int exitCode, _, string errors) = await AcmServerProcess.RunAsync("--data", DataFile, "--backup", copy);
            Assert.Equal((0, ""), (exitCode, errors));
        }

        (int again, _, string refusal) = await ServerCommand.RunAsync("--data", DataFile, "--backup", copy);
        await using RunningServer second = await RunningServer.StartWithAsync("--data", copy);
        RawResponse value = await RawHttp.GetAsync(second.Uri, "/diamond-server/config.co?dataId=a&group=G");

        Assert.Equal("1", value.Text);
        Assert.Equal(1, again);
        Assert.Contains("the file exists", refusal, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(copy));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A checkpoint, so that the write-ahead log has no older pages either.
    private void Checkpoint()
    {
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        Assert.Equal(0, SqliteFile.Number(connection, "PRAGMA wal_checkpoint(TRUNCATE)"));
    }

    private bool HasBytes(byte[] bytes) => Directory.GetFiles(_folder).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).Any(path =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray().AsSpan().IndexOf(bytes) >= 0;
    });

    private void Make(string statements)
    {
        using var connection = new SqliteConnection($"Data Source={DataFile};Pooling=False");
        connection.Open();
        SqliteFile.Execute(connection, statements);
    }

    /// <summary>Reads the data file with another connection.</summary>
    private sealed class SqliteHistoryReader(string path) : IDisposable
    {
        private readonly SqliteReaders _readers = new(path);

        public IReadOnlyList<HistoryItem> Page(ConfigKey key) => _readers.Read(connection => SqliteHistory.Page(connection, key, 0, 1_000, formalOnly: false)).Items;

        public string Text(HistoryItem item) => System.Text.Encoding.ASCII.GetString(_readers.Content(item.ContentRevision));

        public void Dispose() => _readers.Dispose();
    }
}
