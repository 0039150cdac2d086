using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Acm.Client;
using Acm.Client.Local;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Local;

public sealed class SnapshotStoreTests : IDisposable
{
    private static readonly ConfigKey App = new("app.yaml");
    private static readonly DateTimeOffset Changed = new(2023, 11, 14, 22, 13, 20, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
    private readonly SnapshotStore _store;

    public SnapshotStoreTests() => _store = new SnapshotStore(_folder.Path, _clock);

    private string ContentFile => Path.Combine(_folder.Path, "prod", "_default", "app.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_value_is_found_with_all_it_had_by_another_process()
    {
        byte[] bytes = [0xD6, 0xD0, 0xCE, 0xC4];
        _store.Save("prod", App, bytes, Md5(bytes), "gbk", ConfigMetadata.OfDataKey("key=="), Changed);

        SnapshotRead read = Another().Read("prod", App);

        Assert.Equal(SnapshotState.Found, read.State);
        Assert.Equal("中文", read.Config!.Text);
        Assert.Equal(bytes, read.Config.Bytes);
        Assert.Equal("bcce109775e8e1972e9f5fcda3e12895", read.Config.Md5);
        Assert.Equal(("gbk", ConfigMetadata.OfDataKey("key=="), Changed), (read.Config.Charset, read.Config.Metadata, read.Config.LastModified));
    }

    [Fact]
    public void The_side_file_tells_the_names_that_a_path_may_not()
    {
        var key = new ConfigKey(new string('数', 200), "分组");

        _store.Save("命名空间", key, new byte[1], Md5(new byte[1]), "UTF-8", null, null);

        string side = Assert.Single(_folder.Files(), file => file.EndsWith("%meta", StringComparison.Ordinal));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder.Path, side)));
        Assert.Equal(key.DataId, json.RootElement.GetProperty("dataId").GetString());
        Assert.Equal("分组", json.RootElement.GetProperty("group").GetString());
        Assert.Equal("命名空间", json.RootElement.GetProperty("namespace").GetString());
    }

    [Theory]
    [InlineData("\"lastModified\": \"", SnapshotState.Found)]
    [InlineData("\"dataId\": \"", SnapshotState.Damaged)]
    [InlineData("\"charset\": \"", SnapshotState.Damaged)]
    public void Half_of_a_surrogate_pair_in_a_side_file_is_no_reason_to_throw(string before, SnapshotState expected)
    {
        _store.Save("prod", App, "v"u8.ToArray(), Md5("v"u8.ToArray()), "UTF-8", null, Changed);
        string side = ContentFile + "%meta";
        string json = File.ReadAllText(side);
        int at = json.IndexOf(before, StringComparison.Ordinal) + before.Length;
        File.WriteAllText(side, json.Insert(at, "\\uD800"));

        SnapshotState state = Another().Read("prod", App).State;

        Assert.Equal(expected, state);
    }

    [Fact]
    public void A_name_that_is_no_text_beside_what_a_side_file_needs_is_passed_over()
    {
        _store.Save("prod", App, "v"u8.ToArray(), Md5("v"u8.ToArray()), "UTF-8", null, Changed);
        string side = ContentFile + "%meta";
        File.WriteAllText(side, File.ReadAllText(side).TrimEnd().TrimEnd('}') + ", \"\\uD800\": 1, \"\\uD800x\": \"\" }");

        SnapshotRead read = Another().Read("prod", App);

        Assert.Equal("v", read.Config?.Text);
    }

    [Fact]
    public void A_lock_that_somebody_else_keeps_is_waited_for_once_and_not_once_a_key()
    {
        bool isHeld = false;
        new FolderLock(_folder.Path).Hold(() =>
        {
            isHeld = true;
            var waited = System.Diagnostics.Stopwatch.StartNew();
            for (int i = 0; i < 50; i++)
                Assert.Equal(AcmErrorKind.StorageFailed, Assert.Throws<AcmException>(() => _store.Save("prod", new ConfigKey("k" + i), "v"u8.ToArray(), Md5("v"u8.ToArray()), "UTF-8", null, null)).Kind);

            // One wait of 2 s, where 50 took 100 s.
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(50), $"It took {waited.Elapsed}.");
        });

        Assert.True(isHeld);
        Assert.True(_store.Save("prod", App, "v"u8.ToArray(), Md5("v"u8.ToArray()), "UTF-8", null, null));
    }

    [Fact]
    public void Another_thread_is_waited_for_also_after_another_process_was_waited_for_in_vain()
    {
        var folderLock = FolderLock.At(Path.Combine(_folder.Path, ".lock"), TimeSpan.FromMilliseconds(50));
        Exception? failure = null;
        var other = new Thread(() => failure = Record.Exception(() => folderLock.Hold(() => { })));
        folderLock.Hold(() =>
        {
            // The file is locked, as if by another process.
            Assert.Throws<IOException>(() => folderLock.Hold(() => { }));
            other.Start();
            SpinWait.SpinUntil(() => (other.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);
        });
        other.Join();

        Assert.Null(failure);
    }

    [Fact]
    public void What_a_process_that_was_killed_left_half_written_is_removed_by_the_next_one_and_what_is_new_is_not()
    {
        string old = _folder.Write("prod/_default/%tmp-0123", "half");
        string live = _folder.Write("prod/_default/%tmp-4567", "half");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-1));

        _store.Save("prod", App, "v"u8.ToArray(), Md5("v"u8.ToArray()), "UTF-8", null, null);

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(live));
    }

    [Fact]
    public void Nothing_saved_is_no_snapshot()
    {
        Assert.Equal(SnapshotState.None, _store.Read("prod", App).State);
        Assert.Equal(SnapshotState.None, new SnapshotStore(Path.Combine(_folder.Path, "none"), _clock).Read("prod", App).State);
    }

    [Fact]
    public void R26_a_snapshot_that_is_rightly_empty_is_found()
    {
        Save("");

        SnapshotRead read = Another().Read("prod", App);

        Assert.Equal((SnapshotState.Found, ""), (read.State, read.Config?.Text));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../..")]
    [InlineData("/../")]
    [InlineData("/tmp")]
    [InlineData("..\\..")]
    public void S4_a_namespace_with_dots_never_leaves_the_snapshot_folder(string ns)
    {
        string basePath = Path.Combine(_folder.Path, "a", "b", "base");
        var store = new SnapshotStore(basePath, _clock);

        store.Save(ns, App, new byte[1], Md5(new byte[1]), "UTF-8", null, null);

        Assert.All(_folder.Files(), file => Assert.StartsWith("a/b/base/", file, StringComparison.Ordinal));
        Assert.Equal(SnapshotState.Found, store.Read(ns, App).State);
    }

    [Theory]
    [InlineData("..", "..")]
    [InlineData(".", "x")]
    [InlineData("../x", "../../y")]
    public void S3_a_group_or_data_id_with_dots_never_leaves_the_snapshot_folder(string group, string dataId)
    {
        string basePath = Path.Combine(_folder.Path, "a", "b", "c", "base");
        var store = new SnapshotStore(basePath, _clock);

        store.Save("", new ConfigKey(dataId, group), new byte[1], Md5(new byte[1]), "UTF-8", null, null);

        Assert.All(_folder.Files(), file => Assert.StartsWith("a/b/c/base/", file, StringComparison.Ordinal));
    }

    [Fact]
    public void R19_keys_that_differ_only_in_case_or_that_Windows_reserves_are_kept_apart()
    {
        ConfigKey[] keys = [new("app"), new("APP"), new("App"), new("con"), new("CON"), new("nul.txt"), new("a:b"), new("acm"), new("app", "acm"), new("app", "ACM"), new("app", "default_group")];
        foreach (ConfigKey key in keys) Save(key.ToString(), key);

        string[] texts = [.. keys.Select(key => Another().Read("prod", key).Config?.Text ?? "")];

        Assert.Equal(keys.Select(key => key.ToString()), texts);
        Assert.Equal(_folder.Files().Length, _folder.Files().Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("valu")]
    [InlineData("other")]
    public void Torn_content_is_damaged_and_not_returned(string onDisk)
    {
        Save("value");
        File.WriteAllText(ContentFile, onDisk);

        SnapshotRead read = _store.Read("prod", App);

        Assert.Equal(SnapshotState.Damaged, read.State);
        Assert.Null(read.Config);
        Assert.Contains(ContentFile, read.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"dataId\":\"app")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_torn_side_file_is_damaged(string onDisk)
    {
        Save("value");
        File.WriteAllText(ContentFile + "%meta", onDisk);

        Assert.Equal(SnapshotState.Damaged, _store.Read("prod", App).State);
    }

    [Fact]
    public void A_lost_file_of_the_two_is_damaged()
    {
        Save("value");
        Save("value", new ConfigKey("other"));
        File.Delete(ContentFile);
        File.Delete(Path.Combine(Path.GetDirectoryName(ContentFile)!, "other%meta"));

        Assert.Equal(SnapshotState.Damaged, _store.Read("prod", App).State);
        Assert.Equal(SnapshotState.Damaged, _store.Read("prod", new ConfigKey("other")).State);
    }

    [Fact]
    public void A_damaged_snapshot_is_made_good_by_the_next_save_of_the_same_value()
    {
        Save("value");
        File.WriteAllText(ContentFile, "torn");

        Save("value");

        Assert.Equal("value", _store.Read("prod", App).Config?.Text);
    }

    [Fact]
    public void Content_that_is_not_in_its_charset_is_damaged()
    {
        byte[] bytes = [0xFF];
        _store.Save("prod", App, bytes, Md5(bytes), "GBK", null, null);

        Assert.Equal(SnapshotState.Damaged, _store.Read("prod", App).State);
    }

    [Fact]
    public void An_equal_value_is_not_written_again_by_another_process()
    {
        Save("value");
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(ContentFile, old);

        Save("value", App, Another());
        Save("value");

        Assert.Equal(old, File.GetLastWriteTimeUtc(ContentFile));
    }

    [Fact]
    public void An_equal_value_is_not_written_again_by_the_store_that_wrote_it()
    {
        Save("value");
        DateTime written = File.GetLastWriteTimeUtc(ContentFile);
        DateTime sideWritten = File.GetLastWriteTimeUtc(ContentFile + "%meta");

        for (int i = 0; i < 100; i++) Save("value");

        Assert.Equal((written, sideWritten), (File.GetLastWriteTimeUtc(ContentFile), File.GetLastWriteTimeUtc(ContentFile + "%meta")));
    }

    [Fact]
    public void A_value_that_another_process_replaced_is_written_again()
    {
        Save("value1");
        Save("value2", App, Another());

        Save("value1");

        Assert.Equal("value1", _store.Read("prod", App).Config?.Text);
    }

    [Fact]
    public void A_value_marked_absent_is_set_aside_until_the_next_save()
    {
        Save("value");
        _clock.Advance(TimeSpan.FromHours(1));
        DateTimeOffset since = _clock.GetUtcNow();

        _store.MarkAbsent("prod", App);
        SnapshotRead absent = Another().Read("prod", App);
        string aside = File.ReadAllText(ContentFile + "%absent");
        _clock.Advance(TimeSpan.FromHours(1));
        _store.MarkAbsent("prod", App);
        SnapshotRead still = _store.Read("prod", App);
        Save("value");
        SnapshotRead again = Another().Read("prod", App);

        Assert.Equal((SnapshotState.Absent, since), (absent.State, absent.Since));
        Assert.Equal("value", aside);
        Assert.Equal((SnapshotState.Absent, since), (still.State, still.Since));
        Assert.Equal((SnapshotState.Found, "value"), (again.State, again.Config?.Text));
        Assert.False(File.Exists(ContentFile + "%absent"));
    }

    [Fact]
    public void Marking_absent_what_was_never_kept_writes_nothing()
    {
        _store.MarkAbsent("prod", App);

        Assert.Empty(_folder.Files());
        Assert.Equal(SnapshotState.None, _store.Read("prod", App).State);
    }

    [Fact]
    public void The_Python_SDKs_snapshot_is_read_until_a_server_says_otherwise()
    {
        _folder.Write("app.yaml+DEFAULT_GROUP+prod", "a: 中文");

        SnapshotRead python = _store.Read("prod", App);
        _store.MarkAbsent("prod", App);
        SnapshotRead absent = _store.Read("prod", App);
        Save("new");
        SnapshotRead saved = _store.Read("prod", App);

        Assert.Equal((SnapshotState.Found, "a: 中文"), (python.State, python.Config?.Text));
        Assert.Equal(SnapshotState.Absent, absent.State);
        Assert.Equal("new", saved.Config?.Text);
    }

    [Fact]
    public void A_folder_below_a_regular_file_fails_with_the_path_and_the_reason_and_reads_as_nothing()
    {
        string file = _folder.Write("file", "a");
        var store = new SnapshotStore(Path.Combine(file, "below"), _clock);

        var error = Assert.Throws<AcmException>(() => Save("value", App, store));
        SnapshotRead read = store.Read("prod", App);
        store.MarkAbsent("prod", App);

        Assert.Equal(AcmErrorKind.StorageFailed, error.Kind);
        Assert.Contains(Path.Combine(file, "below"), error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
        Assert.Equal(SnapshotState.None, read.State);
    }

    [Fact]
    public void A_folder_in_the_place_of_the_content_fails_and_leaves_no_temporary_file()
    {
        Directory.CreateDirectory(ContentFile);

        var error = Assert.Throws<AcmException>(() => Save("value"));

        Assert.Equal(AcmErrorKind.StorageFailed, error.Kind);
        Assert.Equal(["%lock"], _folder.Files());
        Assert.Equal(SnapshotState.Damaged, _store.Read("prod", App).State);
    }

    [Fact]
    public void A_lock_that_stays_held_fails_the_save_and_leaves_what_was_there()
    {
        Save("old");
        using var held = new FileStream(Path.Combine(_folder.Path, "%lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        var error = Assert.Throws<AcmException>(() => Save("new"));

        Assert.Equal(AcmErrorKind.StorageFailed, error.Kind);
        Assert.Equal("old", _store.Read("prod", App).Config?.Text);
    }

    [Fact]
    public void New_folders_and_files_are_for_their_owner_only()
    {
        if (OperatingSystem.IsWindows()) return;

        string basePath = Path.Combine(_folder.Path, "new", "base");
        Save("value", App, new SnapshotStore(basePath, _clock));

        UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (string folder in Directory.EnumerateDirectories(_folder.Path, "*", SearchOption.AllDirectories))
        {
            Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }

        Assert.Equal(owner, File.GetUnixFileMode(Path.Combine(basePath, "prod", "_default", "app.yaml")));
    }

    [Fact]
    public async Task Two_writers_at_once_never_leave_content_and_side_file_that_do_not_match()
    {
        // Two stores behave like two processes, because each write acquires the lock of the system.
        SnapshotStore[] stores = [Another(), Another()];
        int damaged = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            for (int i = 0; i < 50; i++)
            {
                Save(new string((char)('a' + writer), 100 + i), App, stores[writer % 2]);
                if (stores[i % 2].Read("prod", App).State != SnapshotState.Found) Interlocked.Increment(ref damaged);
            }
        })));

        Assert.Equal(0, damaged);
        Assert.Equal(SnapshotState.Found, Another().Read("prod", App).State);
        Assert.Equal(["%lock", "prod/_default/app.yaml", "prod/_default/app.yaml%meta"], _folder.Files());
    }

    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    private SnapshotStore Another() => new(_folder.Path, _clock);

    private void Save(string text, ConfigKey? key = null, SnapshotStore? store = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        (store ?? _store).Save("prod", key ?? App, bytes, Md5(bytes), "UTF-8", metadata: null, Changed);
    }
}
