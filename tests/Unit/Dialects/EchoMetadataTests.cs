using Acm.Client;
using Acm.Client.Calls;
using Acm.Client.Protocol;
using Acm.Client.Transfer;
using Acm.Tests.Local;
using Acm.Tests.Support;
using Acm.Tests.Transfer;

namespace Acm.Tests.Dialects;

/// <summary>Metadata are compared too, in the check of a write whose response was lost, and in transfers.</summary>
public sealed class EchoMetadataTests : IDisposable
{
    private static readonly ConfigKey Key = new("app.yml");
    private static readonly PublishOptions Shop = new() { AppName = "shop" };

    private readonly TemporaryFolder _folder = new();
    private readonly EchoServers _servers = new();

    private string? AppName => _servers.Stored.Values.Single().Metadata.AppName;

    private int Publishes => _servers.Asked.Count(asked => asked.Kind == CallKind.Publish);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_publish_of_metadata_alone_that_did_not_arrive_is_sent_again(bool showsMetadata)
    {
        using AcmClient client = Client(showsMetadata);
        PublishResult before = await Clients.InTime(client.PublishAsync(Key, "v"));
        LoseOnePublish(arrives: false);

        await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { AppName = "shop", IfMatch = before.Config.Md5 }));

        Assert.Equal(("shop", 3), (AppName, Publishes));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_lost_publish_of_metadata_alone_that_arrived_is_confirmed_where_reads_show_it(bool showsMetadata, bool isConfirmed)
    {
        using AcmClient client = Client(showsMetadata);
        await Clients.InTime(client.PublishAsync(Key, "v"));
        LoseOnePublish(arrives: true);

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v", Shop));

        Assert.Equal((isConfirmed, isConfirmed ? 2 : 3, "shop"), (result.ConfirmedByReading, Publishes, AppName));
    }

    [Fact]
    public async Task Content_that_the_condition_ruled_out_before_confirms_the_metadata_that_came_with_it()
    {
        using AcmClient client = Client(showsMetadata: false);
        LoseOnePublish(arrives: true);

        PublishResult result = await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { AppName = "shop", CreateOnly = true }));

        Assert.Equal((true, 1), (result.ConfirmedByReading, Publishes));
    }

    [Fact]
    public async Task An_accepted_publish_whose_metadata_reads_show_otherwise_is_not_known_to_be_stored()
    {
        using AcmClient client = Client(new EchoDialect { Outcome = WriteOutcome.Accepted });
        await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { AppName = "till" }));
        ServerValue till = _servers.Stored.Values.Single();
        _servers.AfterAnswer = (_, kind) =>
        {
            if (kind == CallKind.Publish) _servers.Stored[("", Key)] = till;
            return null;
        };

        AcmException error = await Clients.FailsAsync(client.PublishAsync(Key, "v", Shop));

        Assert.True(error.OutcomeUnknown);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transfer_that_finds_the_wanted_content_without_its_metadata_does_not_call_it_done(bool showsMetadata)
    {
        using AcmClient client = Client(showsMetadata);
        TransferPlan plan = await PlanAsync(client);
        await Clients.InTime(client.PublishAsync(Key, "v"));

        await Clients.InTime(plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((TransferOutcome.Done, "shop"), (plan.Items.Single().Outcome, AppName));
    }

    [Fact]
    public async Task A_transfer_leaves_other_metadata_that_came_after_the_plan()
    {
        using AcmClient client = Client();
        TransferPlan plan = await PlanAsync(client);
        await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { AppName = "till" }));

        await Clients.InTime(plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((AcmErrorKind.Conflict, "till"), (plan.Items.Single().Error!.Kind, AppName));
    }

    [Theory]
    [InlineData(AcmErrorKind.AccessDenied)]
    [InlineData(AcmErrorKind.InvalidResponse)]
    public async Task A_target_that_cannot_be_listed_is_compared_by_content_with_a_warning(AcmErrorKind kind)
    {
        var log = new RecordingLog(AcmLogLevel.Warning);
        using AcmClient client = Client();
        await Clients.InTime(client.PublishAsync(Key, "v"));
        await ExportAsync(client);
        _servers.BeforeAnswer = (_, asked) => asked == CallKind.List ? new AcmException(kind, "No list.") { IsFinal = true } : null;

        TransferPlan plan = await MakeAsync(client, new TransferOptions { Call = new AcmCallOptions { Log = log } });
        AcmException removing = await Clients.FailsAsync(MakeAsync(client, new TransferOptions { IncludeRemoved = true }));

        Assert.Equal(DifferenceState.Unchanged, plan.Items.Single().State);
        Assert.Equal("Only contents are compared, not application names and other metadata: 'to' cannot be listed. No list.", Assert.Single(log.Lines));
        Assert.Equal(kind, removing.Kind);
    }

    [Fact]
    public async Task A_target_is_not_listed_for_metadata_that_it_does_not_store()
    {
        await using TransferNamespace acm = await TransferNamespace.StartAsync();
        await acm.PublishAsync(("app.yml", "v"));
        using AcmClient client = Client();
        await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { Metadata = new ConfigMetadata { Type = "yaml", Tags = "a", Description = "d" } }));
        await Clients.InTime(new ConfigExporter(client).ToFolderAsync(_folder.Path, TestContext.Current.CancellationToken));
        using ConfigSet folder = ConfigSet.OfFolder(_folder.Path);

        TransferPlan plan = await Clients.InTime(TransferPlan.MakeAsync(folder, acm.Set(), cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(DifferenceState.Unchanged, plan.Items.Single().State);
    }

    [Fact]
    public async Task Redacted_diffs_name_metadata_and_keep_its_values()
    {
        using AcmClient client = Client();
        await Clients.InTime(client.PublishAsync(Key, "v", new PublishOptions { AppName = "secret" }));
        TransferPlan plan = await PlanAsync(client);

        TransferDiff redacted = await plan.DiffAsync(plan.Items, (_, text) => text, TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);
        TransferDiff plain = await plan.DiffAsync(plan.Items, cancellationToken: TestContext.Current.CancellationToken).SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("# appName: ***\n", "# appName: 'secret' -> 'shop'\n"), (redacted.Redacted, redacted.Text));
        Assert.Equal(plain.Text, plain.Redacted);
    }

    [Fact]
    public void Tags_in_another_order_are_the_same()
    {
        var tags = new ConfigMetadata { Tags = "a,b" };

        Assert.Empty(tags.ChangesOf(new ConfigMetadata { Tags = "b,a" }, isComplete: true));
        Assert.Equal("tags: 'a' -> 'a,b'", Assert.Single(tags.ChangesOf(new ConfigMetadata { Tags = "a" }, isComplete: true)).ToString());
    }

    /// <summary>Returns the plan to publish a folder with one configuration of application "shop".</summary>
    private async Task<TransferPlan> PlanAsync(AcmClient client)
    {
        await ExportAsync(client);
        return await MakeAsync(client);
    }

    private async Task ExportAsync(AcmClient client)
    {
        AcmClient source = client.ForNamespace("source");
        await Clients.InTime(source.PublishAsync(Key, "v", Shop));
        await Clients.InTime(new ConfigExporter(source).ToFolderAsync(_folder.Path, TestContext.Current.CancellationToken));
        _servers.Stored.TryRemove(("source", Key), out _);
    }

    private Task<TransferPlan> MakeAsync(AcmClient client, TransferOptions? options = null) =>
        Clients.InTime(TransferPlan.MakeAsync(ConfigSet.OfFolder(_folder.Path), ConfigSet.OfNamespace(client, "to"), options, TestContext.Current.CancellationToken));

    private void LoseOnePublish(bool arrives)
    {
        bool isLost = false;
        AcmException? Lose(string server, CallKind kind)
        {
            if (isLost || kind != CallKind.Publish) return null;

            isLost = true;
            return new AcmException(AcmErrorKind.ServerUnavailable, $"{server} hung up.") { OutcomeUnknown = true };
        }

        if (arrives) _servers.AfterAnswer = Lose;
        else _servers.BeforeAnswer = Lose;
    }

    private AcmClient Client(bool showsMetadata = true) => Client(new EchoDialect { ShowsMetadata = showsMetadata });

    private AcmClient Client(EchoDialect dialect) => new(
        new AcmClientOptions { Endpoint = "one:1,two:2", Direct = true, NoSnapshot = true, TryTimeout = TimeSpan.FromMinutes(1) }, new PauselessClock(), () => 0, new Dialect(dialect, _servers));
}
