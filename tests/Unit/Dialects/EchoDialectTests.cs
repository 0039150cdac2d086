using System.Net;
using System.Net.Sockets;
using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.Protocol;
using Acm.Client.Transfer;
using Acm.Tests.Local;
using Acm.Tests.Support;
using Acm.Tests.Watching;

namespace Acm.Tests.Dialects;

/// <summary>Readers, writers, transfers and watchers with a dialect that does not use HTTP.</summary>
public sealed class EchoDialectTests : IDisposable
{
    private static readonly ConfigKey Key = new("app.yml");

    private readonly TemporaryFolder _folder = new();
    private readonly EchoServers _servers = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_published_is_read_in_the_dialects_own_charset()
    {
        using AcmClient client = Client();

        await Clients.InTime(client.PublishAsync(Key, "中😀"));
        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(("中😀", "utf-8", 7, ConfigSource.Server), (config.Content, config.Charset, config.Size, config.Source));
        Assert.Equal("Echo", client.Capabilities.Protocol);
    }

    [Fact]
    public async Task The_dialects_own_rules_of_names_hold()
    {
        using AcmClient client = Client();

        AcmException error = await Clients.FailsAsync(client.GetAsync(new ConfigKey("a!")));

        Assert.Equal(AcmErrorKind.InvalidKey, error.Kind);
        Assert.Empty(_servers.Asked);
    }

    [Fact]
    public async Task The_request_for_a_key_is_made_once_with_metadata_too()
    {
        var dialect = new EchoDialect();
        using AcmClient client = Client(dialect);
        await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { AppName = "shop" }));
        var detailed = new AcmCallOptions { WithMetadata = true };

        AcmConfig first = await Clients.InTime(client.GetAsync(Key, detailed));
        await Clients.InTime(client.PublishAsync(Key, "w", new PublishOptions { AppName = "store" }));
        AcmConfig second = await Clients.InTime(client.GetAsync(Key, detailed));

        Assert.Equal(("shop", "store", "w"), (first.AppName, second.AppName, second.Content));
        Assert.Equal(1, dialect.DetailedReads);
    }

    [Fact]
    public async Task A_server_that_fails_hands_over_to_the_next()
    {
        using AcmClient client = Client();
        await Clients.InTime(client.PublishAsync(Key, "v"));
        _servers.BeforeAnswer = (server, _) => server == "one:1" ? Down(server) : null;

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal("v", config.Content);
        Assert.Equal(["one:1", "two:2"], _servers.Asked.TakeLast(2).Select(asked => asked.Server));
    }

    [Fact]
    public async Task A_snapshot_stands_in_where_all_servers_are_down()
    {
        using AcmClient client = Client(snapshots: true);
        await Clients.InTime(client.PublishAsync(Key, "v"));
        _servers.BeforeAnswer = (server, _) => Down(server);

        AcmConfig config = await Clients.InTime(client.GetAsync(Key));

        Assert.Equal(("v", ConfigSource.Snapshot), (config.Content, config.Source));
    }

    [Theory]
    [InlineData(true, AcmErrorKind.ConfigNotFound)]
    [InlineData(false, null)]
    public async Task Only_a_proof_of_absence_sets_a_snapshot_aside(bool isProof, AcmErrorKind? later)
    {
        using AcmClient client = Client(new EchoDialect { View = isProof ? ReadView.Only : ReadView.Served }, snapshots: true);
        await Clients.InTime(client.PublishAsync(Key, "v"));
        _servers.Stored.Clear();

        AcmException missing = await Clients.FailsAsync(client.GetAsync(Key));
        _servers.BeforeAnswer = (server, _) => Down(server);
        AcmErrorKind? error = null;
        try
        {
            await Clients.InTime(client.GetAsync(Key));
        }
        catch (AcmException e)
        {
            error = e.Kind;
        }

        Assert.Equal(AcmErrorKind.ConfigNotFound, missing.Kind);
        Assert.Equal(later, error);
    }

    [Fact]
    public async Task A_lost_answer_is_settled_by_reading_and_the_write_is_sent_once()
    {
        using AcmClient client = Client();
        LoseOneAnswer();

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v"));

        Assert.True(result.ConfirmedByReading);
        Assert.Equal([CallKind.Publish, CallKind.Address, CallKind.Get], _servers.Asked.Select(asked => asked.Kind));
    }

    [Fact]
    public async Task What_only_the_served_view_could_tell_of_a_lost_write_stays_unknown()
    {
        using AcmClient client = Client(new EchoDialect { View = ReadView.Served });
        LoseOneAnswer(then: () => _servers.Stored.Clear());

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v"));

        Assert.EndsWith("The outcome of the write is unknown.", error.Message, StringComparison.Ordinal);
        Assert.True(error.OutcomeUnknown);
        Assert.Single(_servers.Asked, asked => asked.Kind == CallKind.Publish);
    }

    [Fact]
    public async Task An_answer_that_is_no_proof_is_read_back()
    {
        using AcmClient client = Client(new EchoDialect { Outcome = WriteOutcome.Accepted });

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v"));

        Assert.True(result.ConfirmedByReading);
    }

    [Fact]
    public async Task A_write_that_was_accepted_and_is_not_there_is_not_known_to_be_stored()
    {
        using AcmClient client = Client(new EchoDialect { Outcome = WriteOutcome.Accepted });
        _servers.AfterAnswer = (_, kind) =>
        {
            if (kind == CallKind.Publish) _servers.Stored.Clear();
            return null;
        };

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v"));

        Assert.True(error.OutcomeUnknown);
        Assert.Single(_servers.Asked, asked => asked.Kind == CallKind.Publish);
    }

    [Fact]
    public async Task A_condition_that_does_not_hold_is_a_conflict()
    {
        using AcmClient client = Client();
        await Clients.InTime(client.PublishAsync(Key, "v1"));

        AcmException exists = await Clients.FailsAsync(client.PublishAsync(Key, "v2", new PublishOptions { CreateOnly = true }));
        AcmException changed = await Clients.FailsAsync(client.PublishAsync(Key, "v2", new PublishOptions { IfMatch = new string('0', 32) }));

        Assert.Equal((AcmErrorKind.ConfigExists, AcmErrorKind.Conflict), (exists.Kind, changed.Kind));
        Assert.Equal("v1", _servers.Stored.Values.Single().Text);
    }

    [Fact]
    public async Task Without_batch_get_keys_are_read_one_by_one()
    {
        using AcmClient client = Client();
        ConfigKey[] keys = [new("a"), new("b"), new("none")];
        await Clients.InTime(client.PublishAsync(keys[0], "1"));
        await Clients.InTime(client.PublishAsync(keys[1], "2"));

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync(keys));

        Assert.Equal(["1", "2", null], results.Select(result => result.Config?.Content));
        Assert.False(client.Capabilities.BatchGet);
    }

    [Fact]
    public void What_a_dialect_lacks_names_what_can_be_done()
    {
        AcmException error = Assert.Throws<AcmException>(() => new EchoDialect().BatchGet("", "g", [Key]));

        Assert.Equal((AcmErrorKind.CapabilityMissing, "Echo servers cannot read several configurations in one request.", "Read them one by one."), (error.Kind, error.Message, error.Advice));
    }

    [Fact]
    public async Task Differences_are_found_without_reading()
    {
        using AcmClient client = Client();
        PublishResult known = await Clients.InTime(client.PublishAsync(Key, "v"));

        IReadOnlyList<ConfigKey> differences = await Clients.InTime(client.FindDifferencesAsync([new(Key, known.Config.Md5), new(new ConfigKey("gone"), known.Config.Md5), new(new ConfigKey("none"), null)]));

        Assert.Equal([new ConfigKey("gone")], differences);
    }

    [Fact]
    public async Task A_namespace_is_exported_and_imported_with_what_it_lacks_removed()
    {
        using AcmClient client = Client();
        AcmClient other = client.ForNamespace("other");
        for (int i = 0; i < 450; i++) await Clients.InTime(client.PublishAsync(new ConfigKey($"k{i}"), $"{i} 😀"));
        await Clients.InTime(other.PublishAsync(new ConfigKey("extra"), "x"));
        string path = Path.Combine(_folder.Path, "out");

        await Clients.InTime(new ConfigExporter(client).ToFolderAsync(path));
        TransferPlan plan = await Clients.InTime(TransferPlan.MakeAsync(ConfigSet.OfFolder(path), ConfigSet.OfNamespace(other, "other"), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken));
        TransferSummary summary = await Clients.InTime(plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((450, 0, 1, 0), (summary.Added, summary.Changed, summary.Removed, summary.Failed));
        Assert.Equal(450, _servers.Stored.Count(pair => pair.Key.Namespace == "other"));
    }

    [Fact]
    public async Task Metadata_goes_where_the_content_goes_and_stays_where_none_is_given()
    {
        var data = new ConfigMetadata { Type = "yaml", Tags = "a,b", Description = "中", AppName = "shop", Schema = "s", Use = "u", Rest = "{}" };
        string path = Path.Combine(_folder.Path, "out");
        using AcmClient client = Client(snapshots: true);
        AcmClient other = client.ForNamespace("other");
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;

        await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { Metadata = data }));
        await Clients.InTime(client.PublishAsync(Key, "w"));
        await Clients.InTime(new ConfigExporter(client).ToFolderAsync(path, cancellationToken));
        TransferPlan plan = await Clients.InTime(TransferPlan.MakeAsync(ConfigSet.OfFolder(path), ConfigSet.OfNamespace(other, "other"), cancellationToken: cancellationToken));
        await Clients.InTime(plan.CarryOutAsync(cancellationToken: cancellationToken));
        AcmConfig imported = await Clients.InTime(other.GetAsync(Key));
        _servers.BeforeAnswer = (server, _) => Down(server);
        AcmConfig snapshot = await Clients.InTime(other.GetAsync(Key));

        Assert.Equal((data, data), (imported.Metadata, snapshot.Metadata));
        Assert.Equal(("w", ConfigSource.Snapshot), (snapshot.Content, snapshot.Source));
    }

    [Fact]
    public async Task A_watcher_hears_of_changes_by_comparing()
    {
        var clock = new WatchClock();
        using AcmClient client = Client(clock: clock);
        await Clients.InTime(client.PublishAsync(Key, "v1"));
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([Key], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, Key.DataId, "v1");
        TimeSpan interval = await clock.NextPauseAsync();

        await Clients.InTime(client.PublishAsync(Key, "v2"));
        clock.Advance(interval);

        await log.ExpectAsync(ConfigChangeKind.Changed, Key.DataId, "v2");
    }

    [Fact]
    public async Task A_connection_test_runs_the_dialects_checks()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using AcmClient client = Client(endpoint: listener.LocalEndpoint.ToString());

        List<ConnectionCheck> checks = await client.TestConnectionAsync(cancellationToken: TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["AddressServer", "Name", "Tcp", "Tls", "ClockSkew", "Greeting"], checks.Select(check => check.Check));
        Assert.Equal((CheckStatus.Passed, "answered"), (checks[^1].Status, checks[^1].Detail));
    }

    private static AcmException Down(string server) => new(AcmErrorKind.ServerUnavailable, $"{server} is down.");

    /// <summary>Loses the response to the first publish.</summary>
    private void LoseOneAnswer(Action? then = null)
    {
        bool isLost = false;
        _servers.AfterAnswer = (server, kind) =>
        {
            if (isLost || kind != CallKind.Publish) return null;

            isLost = true;
            then?.Invoke();
            return new AcmException(AcmErrorKind.ServerUnavailable, $"{server} hung up.") { OutcomeUnknown = true };
        };
    }

    private AcmClient Client(EchoDialect? dialect = null, bool snapshots = false, TimeProvider? clock = null, string? endpoint = null) => new(
        new AcmClientOptions { Endpoint = endpoint ?? "one:1,two:2", Direct = true, NoSnapshot = !snapshots, SnapshotPath = _folder.Path, TryTimeout = TimeSpan.FromMinutes(1) },
        clock ?? new PauselessClock(),
        () => 0,
        new Dialect(dialect ?? new EchoDialect(), _servers));
}
