using Acm.Client;
using Acm.Client.Local;
using Acm.Client.Text;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Local;

public sealed class SnapshotFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow.AddHours(1));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Snapshots_are_listed_with_what_is_known_of_them()
    {
        Save("ns", new ConfigKey("App", "G"), "中文");
        Save("", new ConfigKey("a"), "1");

        SnapshotInfo[] snapshots = List();

        Assert.Equal([("ns", "G", "App", 6), ("", "DEFAULT_GROUP", "a", 1)], snapshots.OrderByDescending(s => s.Size).Select(s => (s.Namespace, s.Group, s.DataId, s.Size)));
        SnapshotInfo app = snapshots.Single(s => s.DataId == "App");
        Assert.Equal((SnapshotState.Found, "中文", "UTF-8", Md5Hex.Of("中文"u8)), (app.State, app.Content, app.Charset, app.Md5));
        Assert.InRange(app.Age, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(62));
        Assert.Null(app.Problem);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("/.")]
    public void A_separator_at_the_end_of_the_folder_means_the_same_folder(string end)
    {
        Save("ns", new ConfigKey("a"), "1");
        var folder = new SnapshotFolder(_folder.Path + end, _clock);

        SnapshotInfo snapshot = Assert.Single(folder.List());
        folder.Remove(snapshot);

        Assert.Empty(folder.List());
        Assert.Equal("file", FailoverIn(_folder.Path + end));
    }

    private string FailoverIn(string path)
    {
        _folder.Write("ns/_default/b", "file");
        var store = new FailoverStore(path);
        string stamped = Assert.Single(store.Stamps().Keys, file => file.EndsWith('b'));
        Assert.Equal("b", Assert.Single(store.KeysOf(stamped, "ns").Distinct()).DataId);
        return store.Read("ns", new ConfigKey("b"))!.Text;
    }

    [Fact]
    public void A_marker_of_what_is_gone_is_listed_with_the_time_it_went()
    {
        Save("ns", new ConfigKey("a"), "1");
        new SnapshotStore(_folder.Path, _clock).MarkAbsent("ns", new ConfigKey("a"));
        _clock.Advance(TimeSpan.FromDays(2));

        SnapshotInfo marker = Assert.Single(List());

        Assert.Equal((SnapshotState.Absent, TimeSpan.FromDays(2), 0), (marker.State, marker.Age, marker.Size));
        Assert.Null(marker.Content);
    }

    [Fact]
    public void What_is_damaged_is_listed_with_its_problem_and_as_far_as_it_can_be_told_its_names()
    {
        Save("ns", new ConfigKey("torn"), "1");
        _folder.Write("ns/_default/torn", "2");
        _folder.Write("ns/_default/lone", "no side file");
        _folder.Write("ns/_default/100%", "no name of ours");
        Save("ns", new ConfigKey("moved"), "1");
        Directory.Move(Path.Combine(_folder.Path, "ns", "_default", "moved%meta"), Path.Combine(_folder.Path, "ns", "_default", "other%meta"));

        SnapshotInfo[] snapshots = List();

        Assert.Equal(["100%", "lone", "moved", "other", "torn"], snapshots.Select(s => s.DataId).Order(StringComparer.Ordinal));
        Assert.All(snapshots, s => Assert.Equal(SnapshotState.Damaged, s.State));
        Assert.All(snapshots, s => Assert.NotNull(s.Problem));
    }

    [Fact]
    public void The_files_of_the_Python_sdk_are_listed_until_ours_take_their_place()
    {
        _folder.Write("app.yml+DEFAULT_GROUP+", "theirs");
        _folder.Write("db.yml+G+ns", "theirs");
        _folder.Write("README", "nobody's");
        Save("ns", new ConfigKey("db.yml", "G"), "ours");

        Assert.Equal(["ours", "theirs"], List().Select(s => s.Content));
    }

    [Fact]
    public void A_snapshot_is_removed_with_all_its_files_and_the_folders_that_it_leaves_empty()
    {
        Save("ns", new ConfigKey("a", "g"), "1");
        Save("ns", new ConfigKey("b", "h"), "1");
        new SnapshotStore(_folder.Path, _clock).MarkAbsent("ns", new ConfigKey("a", "g"));
        var folder = new SnapshotFolder(_folder.Path, _clock);

        folder.Remove(folder.List().Single(s => s.DataId == "a"));

        Assert.Equal(["%lock", "ns/h/b", "ns/h/b%meta"], _folder.Files());
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "ns", "g")));
    }

    [Fact]
    public void What_was_removed_is_kept_again_with_its_next_read()
    {
        var store = new SnapshotStore(_folder.Path, _clock);
        Save(store, "ns", new ConfigKey("a"), "1");
        var folder = new SnapshotFolder(_folder.Path, _clock);
        folder.Remove(folder.List().Single());

        Save(store, "ns", new ConfigKey("a"), "1");

        Assert.Equal("1", folder.List().Single().Content);
    }

    [Fact]
    public void A_snapshot_of_another_folder_is_not_removed()
    {
        Save("ns", new ConfigKey("a"), "1");
        using var other = new TemporaryFolder();

        Assert.Throws<ArgumentException>(() => new SnapshotFolder(other.Path).Remove(List().Single()));
    }

    [Fact]
    public void A_folder_that_is_not_there_has_none() => Assert.Empty(new SnapshotFolder(Path.Combine(_folder.Path, "none")).List());

    private SnapshotInfo[] List() => [.. new SnapshotFolder(_folder.Path, _clock).List()];

    private void Save(string @namespace, ConfigKey key, string text) => Save(new SnapshotStore(_folder.Path, _clock), @namespace, key, text);

    private static void Save(SnapshotStore store, string @namespace, ConfigKey key, string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        store.Save(@namespace, key, bytes, Md5Hex.Of(bytes), "UTF-8", metadata: null, lastModified: null);
    }
}
