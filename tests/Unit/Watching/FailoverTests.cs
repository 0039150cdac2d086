using System.Text;
using Acm.Client;
using Acm.Tests.Local;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Watching;

/// <summary>Failover files that are created, changed and deleted while they are watched.</summary>
public sealed class FailoverTests
{
    private static readonly ConfigKey Key = new("app.yml");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{0}/ns/_default/app.yml")]
    [InlineData("{0}/ns/DEFAULT_GROUP/app.yml")]
    [InlineData("{0}/app.yml+DEFAULT_GROUP+ns")]
    public async Task A_file_that_comes_changes_and_goes_is_noticed_and_goes_before_the_servers(string place)
    {
        using var folder = new TemporaryFolder();
        string file = string.Format(System.Globalization.CultureInfo.InvariantCulture, place, Path.Combine(folder.Path, "failover"));
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = new(WatchClock.Options(server.Uri) with { FailoverPath = Path.Combine(folder.Path, "failover") });
        using AcmClient other = new(WatchClock.Options(server.Uri));
        await other.PublishAsync(Key, "server", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b")], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "server");

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await PutAsync(file, "file");
        ConfigChange came = await log.NextAsync();
        await other.PublishAsync(Key, "server, later", cancellationToken: Cancelled);
        await PutAsync(file, "file, edited");
        ConfigChange edited = await log.NextAsync();
        File.Delete(file);
        ConfigChange gone = await log.NextAsync();
        await other.RemoveAsync(Key, cancellationToken: Cancelled);
        await log.ExpectAsync(ConfigChangeKind.Removed, "app.yml", null);

        Assert.Equal((ConfigChangeKind.Changed, "file", ConfigSource.Failover), (came.Kind, came.Content, came.Source));
        Assert.Equal((ConfigChangeKind.Changed, "file, edited", "file"), (edited.Kind, edited.Content, edited.PreviousContent));
        Assert.Equal((ConfigChangeKind.Changed, "server, later", ConfigSource.Server), (gone.Kind, gone.Content, gone.Source));
    }

    [Fact]
    public async Task A_file_of_the_servers_text_is_no_change()
    {
        using var folder = new TemporaryFolder();
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = new(WatchClock.Options(server.Uri) with { Namespace = "", FailoverPath = folder.Path });
        await client.PublishAsync(Key, "中文", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key, new ConfigKey("b")], log.TakeAsync);
        await log.NextAsync();

        Directory.CreateDirectory(Path.Combine(folder.Path, "_blank", "_default"));
        await PutAsync(Path.Combine(folder.Path, "_blank", "_default", "app.yml"), "中文");
        await PutAsync(Path.Combine(folder.Path, "_blank", "_default", "b"), "later");

        await log.ExpectAsync(ConfigChangeKind.Changed, "b", "later");
    }

    [Fact]
    public async Task With_no_server_to_be_reached_the_file_is_told_at_once_and_its_edits_as_well()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "ns", "_default", "app.yml");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await PutAsync(file, "file");
        using AcmClient client = new(new AcmClientOptions { Endpoint = "127.0.0.1:" + ScriptedServer.UnusedPort(), Direct = true, Namespace = "ns", FailoverPath = folder.Path });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "file");

        await PutAsync(file, "edited");

        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "edited");
        Assert.Equal(WatchState.Watching, watcher.State);
    }

    [Fact]
    public async Task Among_many_keys_those_with_a_file_are_found_also_where_the_name_is_only_there_as_a_hash()
    {
        using var folder = new TemporaryFolder();
        var longKey = new ConfigKey(new string('X', 200));
        using (var snapshots = new AcmClient(new AcmClientOptions { Endpoint = "127.0.0.1:" + ScriptedServer.UnusedPort(), Direct = true, Namespace = "ns" }))
        {
            new Client.Local.SnapshotStore(folder.Path, TimeProvider.System).Save("ns", longKey, "long"u8.ToArray(), Client.Text.Md5Hex.Of("long"u8), "GBK", null, null);
            new Client.Local.SnapshotStore(folder.Path, TimeProvider.System).Save("ns", new ConfigKey("K:7"), "seven"u8.ToArray(), Client.Text.Md5Hex.Of("seven"u8), "GBK", null, null);
        }

        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = new(WatchClock.Options(server.Uri) with { FailoverPath = folder.Path });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(Enumerable.Range(0, 300).Select(i => new ConfigKey("K:" + i)).Append(longKey), log.TakeAsync);

        ConfigChange[] changes = [await log.NextAsync(), await log.NextAsync()];

        Assert.Equal(["long", "seven"], changes.Select(change => change.Content).Order());
        Assert.All(changes, change => Assert.Equal((ConfigChangeKind.Initial, ConfigSource.Failover), (change.Kind, change.Source)));
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_an_error_that_shows_until_it_is_mended()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "ns", "_default", "app.yml");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await PutAsync(file, [0xff, 0xff, 0xff]);
        await using RunningServer server = await RunningServer.StartAsync();
        using AcmClient client = new(WatchClock.Options(server.Uri) with { FailoverPath = folder.Path });
        await client.PublishAsync(Key, "server", cancellationToken: Cancelled);
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await Clients.InTime(DefectTests.Finished(watcher.Ready));
        WatchedKey status = watcher.Status()[0];

        await PutAsync(file, "mended");

        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "mended");
        Assert.Equal(WatchState.BackingOff, status.State);
        Assert.Contains("can't be read as text", status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_being_written_is_told_when_it_is_there_and_not_empty_before()
    {
        using var folder = new TemporaryFolder();
        await using var watched = await WatchedFile.BeginAsync(folder.Path, content: null);

        watched.Write("");
        await watched.LookAsync();
        watched.Write("whole");
        await watched.LookAgainAsync();
        await watched.LookAgainAsync();

        await watched.Log.ExpectAsync(ConfigChangeKind.Changed, "app", "whole");
    }

    [Fact]
    public async Task A_file_that_stays_empty_is_told()
    {
        using var folder = new TemporaryFolder();
        await using var watched = await WatchedFile.BeginAsync(folder.Path, content: "file");

        watched.Write("");
        await watched.LookAsync();
        await watched.LookAgainAsync();

        await watched.Log.ExpectAsync(ConfigChangeKind.Changed, "app", "");
    }

    [Fact]
    public async Task A_file_that_is_gone_for_a_moment_is_no_news()
    {
        using var folder = new TemporaryFolder();
        await using var watched = await WatchedFile.BeginAsync(folder.Path, content: "file");

        File.Delete(watched.Path);
        await watched.LookAsync();
        watched.Write("file");
        await watched.LookAgainAsync();
        watched.Write("edited");
        await watched.LookAsync();
        await watched.LookAgainAsync();

        ConfigChange change = await watched.Log.NextAsync();
        Assert.Equal(("edited", "file", ConfigSource.Failover), (change.Content, change.PreviousContent, change.Source));
    }

    [Fact]
    public async Task A_file_that_is_never_the_same_twice_is_told_all_the_same()
    {
        using var folder = new TemporaryFolder();
        await using var watched = await WatchedFile.BeginAsync(folder.Path, content: "file");

        watched.Write("0");
        await watched.LookAsync();
        for (int i = 1; i <= 4; i++)
        {
            watched.Write(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await watched.LookAgainAsync();
        }

        await watched.Log.ExpectAsync(ConfigChangeKind.Changed, "app", "4");
    }

    [Fact]
    public async Task A_link_to_a_file_that_is_exchanged_is_noticed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");
        using var folder = new TemporaryFolder();
        string current = Path.Combine(folder.Path, "..data");
        foreach (string version in new[] { "one", "two" })
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, version));
            await File.WriteAllTextAsync(Path.Combine(folder.Path, version, "app.yml"), version, Cancelled);
            File.SetLastWriteTimeUtc(Path.Combine(folder.Path, version, "app.yml"), DateTime.UnixEpoch.AddSeconds(version == "one" ? 1 : 2));
        }

        Directory.CreateSymbolicLink(current, "one");
        string place = Path.Combine(folder.Path, "failover", "ns", "_default");
        Directory.CreateDirectory(place);
        File.CreateSymbolicLink(Path.Combine(place, "app.yml"), Path.Combine(current, "app.yml"));
        using AcmClient client = new(new AcmClientOptions { Endpoint = "127.0.0.1:" + ScriptedServer.UnusedPort(), Direct = true, Namespace = "ns", FailoverPath = Path.Combine(folder.Path, "failover") });
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "app.yml", "one");

        Directory.Delete(current);
        Directory.CreateSymbolicLink(current, "two");

        await log.ExpectAsync(ConfigChangeKind.Changed, "app.yml", "two");
    }

    private static Task PutAsync(string file, string text) => PutAsync(file, Encoding.UTF8.GetBytes(text));

    // Atomic, because a file that is still being written would be read as empty.
    private static async Task PutAsync(string file, byte[] bytes)
    {
        string whole = Path.GetTempFileName();
        await File.WriteAllBytesAsync(whole, bytes, Cancelled);
        File.Move(whole, file, overwrite: true);
    }
}
