using Acm.Client;
using Acm.Tests.Local;
using Acm.Tests.Servers;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Reading;

/// <summary>Snapshots are used if no server is available, and only then. Every client starts without state, as in a new process.</summary>
public sealed class SnapshotTests : IDisposable
{
    private static readonly ConfigKey Key = new("app.yml");

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Unreachable => ["reset", "close", "half", "500", "502", "503", "504", "429", "refused"];

    public static TheoryData<string, AcmErrorKind> Reached => new()
    {
        { "401", AcmErrorKind.AuthenticationFailed },
        { "403", AcmErrorKind.AccessDenied },
        { "302", AcmErrorKind.InvalidResponse },
        { "garbage", AcmErrorKind.InvalidResponse },
        { "checksum", AcmErrorKind.InvalidResponse },
        { "page", AcmErrorKind.InvalidResponse },
        { "untrusted", AcmErrorKind.UntrustedServer },
    };

    [Theory]
    [MemberData(nameof(Unreachable))]
    public async Task A_value_that_was_read_answers_when_the_servers_are_unreachable(string fault)
    {
        await KeepAsync(ScriptedReply.Content([0xd6, 0xd0, 0xce, 0xc4]));

        AcmConfig config = await Clients.InTime(ReadAsync(fault));

        Assert.Equal("中文", config.Content);
        Assert.Equal(ConfigSource.Snapshot, config.Source);
        Assert.Equal("bcce109775e8e1972e9f5fcda3e12895", config.Md5);
        Assert.Null(config.Server);
        Assert.Contains("may be stale", config.Warning, StringComparison.Ordinal);
        Assert.NotNull(config.LastModified);
    }

    [Theory]
    [MemberData(nameof(Reached))]
    public async Task A_server_that_denies_garbles_or_is_not_trusted_is_no_reason_for_an_old_value(string fault, AcmErrorKind expected)
    {
        await KeepAsync(ScriptedReply.Content("old"));

        AcmException error = await Clients.FailsAsync(ReadAsync(fault));

        Assert.Equal(expected, error.Kind);
    }

    [Fact]
    public async Task A_server_that_hangs_has_the_snapshot_answer_when_the_time_of_the_call_is_over()
    {
        await KeepAsync(ScriptedReply.Content("old"));
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        var clock = new FakeTimeProvider();
        using AcmClient client = Clients.With(Options(server) with { TryTimeout = TimeSpan.FromMinutes(5), TotalTimeout = TimeSpan.FromSeconds(2) }, clock);
        Task<AcmConfig> get = client.GetAsync(Key, cancellationToken: TestContext.Current.CancellationToken);
        await server.NextRequestAsync();

        clock.Advance(TimeSpan.FromSeconds(2));
        AcmConfig config = await Clients.InTime(get);

        Assert.Equal(ConfigSource.Snapshot, config.Source);
        Assert.Contains("2 s in total", config.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_is_not_answered_from_the_snapshot()
    {
        await KeepAsync(ScriptedReply.Content("old"));
        await using var server = ScriptedServer.Always(ScriptedReply.Hang);
        using AcmClient client = Clients.With(Options(server));
        using var cancel = new CancellationTokenSource();
        Task<AcmConfig> get = client.GetAsync(Key, cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => get.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_address_server_that_is_down_has_the_snapshot_answer()
    {
        await KeepAsync(ScriptedReply.Content("old"));
        AcmClientOptions options = Options() with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}", Direct = false };
        using AcmClient client = Clients.With(options, new PauselessClock());

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(ConfigSource.Snapshot, config.Source);
    }

    [Fact]
    public async Task R26_an_empty_value_that_the_server_held_is_an_empty_value()
    {
        await KeepAsync(ScriptedReply.Content(""));

        AcmConfig config = await Clients.InTime(ReadAsync("500"));

        Assert.Equal("", config.Content);
        Assert.Equal(ConfigSource.Snapshot, config.Source);
    }

    [Fact]
    public async Task R26_what_the_server_no_longer_has_is_missing_afterwards_and_not_an_old_or_empty_value()
    {
        await KeepAsync(ScriptedReply.Content("old"));
        await using (var server = ScriptedServer.Always(ScriptedReply.Missing))
        {
            using AcmClient client = Clients.With(Options(server));
            await Clients.FailsAsync(client.GetAsync(Key));
        }

        var log = new RecordingLog(AcmLogLevel.Warning);
        AcmException error = await Clients.FailsAsync(ReadAsync("500", log));

        Assert.Equal(AcmErrorKind.ConfigNotFound, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.Contains("when a server last answered", error.Message, StringComparison.Ordinal);
        Assert.Contains("no server is reachable", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_back_to_the_server_answers_again()
    {
        await KeepAsync(ScriptedReply.Content("old"));
        await using (var server = ScriptedServer.Always(ScriptedReply.Missing))
        {
            using AcmClient client = Clients.With(Options(server));
            await Clients.FailsAsync(client.GetAsync(Key));
        }

        await KeepAsync(ScriptedReply.Content("again"));
        AcmConfig config = await Clients.InTime(ReadAsync("500"));

        Assert.Equal("again", config.Content);
    }

    [Fact]
    public async Task Without_a_snapshot_the_error_is_the_servers()
    {
        AcmException error = await Clients.FailsAsync(ReadAsync("500"));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Equal(Key, error.Key);
    }

    [Fact]
    public async Task A_torn_snapshot_is_not_used_and_the_log_says_why()
    {
        await KeepAsync(ScriptedReply.Content("old"));
        string file = Directory.EnumerateFiles(_folder.Path, "app.yml", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(file, "ol", TestContext.Current.CancellationToken);
        var log = new RecordingLog(AcmLogLevel.Warning);

        AcmException error = await Clients.FailsAsync(ReadAsync("500", log));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Contains("is not used", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app.yml", "delete")]
    [InlineData("app.yml", "edit")]
    [InlineData("app.yml%meta", "delete")]
    [InlineData("app.yml%meta", "edit")]
    public async Task A_file_that_is_changed_between_two_reads_of_a_client_is_written_again(string name, string change)
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("value"));
        using AcmClient client = Clients.With(Options(server));
        await Clients.InTime(client.GetAsync(Key));
        await Clients.InTime(client.GetAsync(Key));
        string file = Directory.EnumerateFiles(_folder.Path, name, SearchOption.AllDirectories).Single();
        if (change == "delete") File.Delete(file);
        else await File.WriteAllTextAsync(file, "edited", TestContext.Current.CancellationToken);

        await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("value", (await Clients.InTime(ReadAsync("refused"))).Content);
    }

    [Fact]
    public async Task NoSnapshot_neither_reads_nor_writes_one()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using (AcmClient off = Clients.With(Options(server) with { NoSnapshot = true })) await Clients.InTime(off.GetAsync(Key));
        using (AcmClient on = Clients.With(Options(server))) await Clients.InTime(on.GetAsync(Key, new AcmCallOptions { NoSnapshot = true }));
        Assert.Empty(_folder.Files());
        await KeepAsync(ScriptedReply.Content("old"));
        await using var broken = ScriptedServer.Always(ScriptedReply.Status(500));
        using AcmClient client = Clients.With(Options(broken), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key, new AcmCallOptions { NoSnapshot = true }));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
    }

    [Fact]
    public async Task A_folder_that_can_not_be_written_to_is_a_warning_and_the_read_succeeds()
    {
        // Nothing can be created below a regular file, not even by root.
        string file = _folder.Write("file", "x");
        var log = new RecordingLog(AcmLogLevel.Warning);
        await using var server = ScriptedServer.Always(ScriptedReply.Content("v"));
        using AcmClient client = Clients.With(Options(server) with { SnapshotPath = Path.Combine(file, "below"), Log = log });

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
        Assert.Equal(ConfigSource.Server, config.Source);
        Assert.Contains("could not be saved", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_can_not_be_written_to_does_not_fail_a_publish_or_a_remove_that_was_done()
    {
        string file = _folder.Write("file", "x");
        var log = new RecordingLog(AcmLogLevel.Warning);
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.With(Options(server) with { SnapshotPath = Path.Combine(file, "below"), Log = log });

        await Clients.InTime(client.PublishAsync(Key, "v"));
        await client.RemoveAsync(Key, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, server.Requests.Count);
        Assert.NotEmpty(log.Lines);
    }

    [Fact]
    public async Task What_was_published_answers_and_what_was_removed_does_not()
    {
        await using var server = ScriptedServer.Always(ScriptedReply.Ok);
        using AcmClient client = Clients.With(Options(server));

        await Clients.InTime(client.PublishAsync(Key, "中文"));
        AcmConfig published = await Clients.InTime(ReadAsync("500"));
        await client.RemoveAsync(Key, cancellationToken: TestContext.Current.CancellationToken);
        AcmException removed = await Clients.FailsAsync(ReadAsync("500"));

        Assert.Equal("中文", published.Content);
        Assert.Equal(ConfigSource.Snapshot, published.Source);
        Assert.Equal(AcmErrorKind.ConfigNotFound, removed.Kind);
    }

    [Fact]
    public async Task A_publish_that_failed_leaves_the_snapshot_alone()
    {
        await KeepAsync(ScriptedReply.Content("old"));
        await using var server = ScriptedServer.Always(ScriptedReply.Status(403));
        using AcmClient client = Clients.With(Options(server));

        await Clients.FailsAsync(client.PublishAsync(Key, "new"));
        AcmConfig config = await Clients.InTime(ReadAsync("500"));

        Assert.Equal("old", config.Content);
    }

    [Fact]
    public async Task Of_several_keys_each_has_its_snapshot_or_its_error()
    {
        await KeepAsync(ScriptedReply.Content("old"));
        await using var server = ScriptedServer.Always(ScriptedReply.Status(500));
        using AcmClient client = Clients.With(Options(server), new PauselessClock());

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync([new ConfigKey("other"), Key]));

        Assert.Equal(AcmErrorKind.ServerUnavailable, results[0].Error!.Kind);
        Assert.Equal("old", results[1].Config!.Content);
        Assert.Equal(ConfigSource.Snapshot, results[1].Config!.Source);
    }

    [Fact]
    public async Task What_a_batch_gave_is_kept_as_well()
    {
        await using (var server = ScriptedServer.Always(ScriptedReply.Text(200, "text/html;charset=GBK", """[{"dataId":"app.yml","content":"batched","status":1},{"dataId":"b","status":2}]""")))
        {
            using AcmClient client = Clients.With(Options(server));
            await Clients.InTime(client.GetManyAsync([Key, new ConfigKey("b")]));
        }

        AcmConfig config = await Clients.InTime(ReadAsync("500"));

        Assert.Equal("batched", config.Content);
    }

    [Fact]
    public async Task S4_namespaces_are_kept_apart()
    {
        await KeepAsync(ScriptedReply.Content("old"));
        await using var server = ScriptedServer.Always(ScriptedReply.Status(500));
        using AcmClient client = Clients.With(Options(server), new PauselessClock());

        AcmException error = await Clients.FailsAsync(client.ForNamespace("ns-0002").GetAsync(Key));
        AcmException traversal = Assert.Throws<AcmException>(() => client.ForNamespace("../ns-0001"));

        Assert.Equal(AcmErrorKind.ServerUnavailable, error.Kind);
        Assert.Equal(AcmErrorKind.InvalidKey, traversal.Kind);
    }

    public void Dispose() => _folder.Dispose();

    private AcmClientOptions Options(params ScriptedServer[] servers) => Clients.Options(servers) with { NoSnapshot = false, SnapshotPath = _folder.Path };

    private async Task KeepAsync(ScriptedReply reply)
    {
        await using var server = ScriptedServer.Always(reply);
        using AcmClient client = Clients.With(Options(server));
        await Clients.InTime(client.GetAsync(Key));
    }

    private async Task<AcmConfig> ReadAsync(string fault, IAcmLog? log = null)
    {
        await using var server = ScriptedServer.Always(fault switch
        {
            "checksum" => ScriptedReply.Raw(200, "Content-MD5: 00000000000000000000000000000000", [1]),
            "page" => ScriptedReply.Text(200, "text/html; charset=utf-8", "<html></html>"),
            "refused" or "untrusted" => ScriptedReply.Content("v"),
            _ => RotationTests.Fault(fault),
        });
        AcmClientOptions options = Options(server) with { UseTls = fault == "untrusted", Log = log };
        if (fault == "refused") options = options with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}" };
        using AcmClient client = Clients.With(options, new PauselessClock());
        return await client.GetAsync(Key);
    }
}
