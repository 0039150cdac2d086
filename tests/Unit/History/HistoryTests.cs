using System.Globalization;
using Acm.Client;
using Acm.Tests.Server;
using Acm.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.History;

/// <summary>History and restores in each dialect.</summary>
public sealed class HistoryTests
{
    private static readonly ConfigKey Key = new("app.yaml", "G");

    public static TheoryData<string> Dialects => HistoryServers.Dialects;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_version_is_the_state_after_its_change(string dialect)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        await WriteAsync(client, clock, "first", "second", null, "third", "fourth");

        List<RevisionDetail> details = await ToListAsync(client.GetHistoryDetailsAsync(Key, cancellationToken: Token));
        List<ConfigRevision> plain = await ToListAsync(client.GetHistoryAsync(Key, cancellationToken: Token));
        string[] states = [.. details.Select(detail => $"{detail.Revision.Operation}: {detail.Before?.Content} -> {detail.After?.Content}")];

        Assert.Equal(["Changed: third -> fourth", "Added:  -> third", "Removed: second -> ", "Changed: first -> second", "Added:  -> first"], states);
        Assert.Equal(details.Select(detail => detail.Revision.Version), plain.Select(revision => revision.Version));
        Assert.Equal(plain.Select(revision => revision.Version).OrderDescending(), plain.Select(revision => revision.Version));
        Assert.All(plain, revision => Assert.Equal(("127.0.0.1", "app.yaml", "G", ""), (revision.Address, revision.DataId, revision.Group, revision.Namespace)));
        Assert.Equal(clock.GetUtcNow().AddMinutes(-1), plain[0].Time);
        foreach (RevisionDetail detail in details)
        {
            var query = RevisionQuery.After(detail.Revision.Version);
            if (detail.After is { } after) Assert.Equal(after.Content, (await client.GetRevisionAsync(Key, query, cancellationToken: Token)).Content);
            else Assert.Equal(AcmErrorKind.ConfigNotFound, (await Clients.FailsAsync(client.GetRevisionAsync(Key, query, cancellationToken: Token))).Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_restore_publishes_what_was_and_a_second_one_goes_back(string dialect)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        await WriteAsync(client, clock, "first", "second", "second");

        await RestoreAsync(client, RevisionQuery.Previous);
        string once = (await client.GetAsync(Key, cancellationToken: Token)).Content;
        clock.Advance(TimeSpan.FromMinutes(1));
        await RestoreAsync(client, RevisionQuery.Previous);
        string twice = (await client.GetAsync(Key, cancellationToken: Token)).Content;

        // Publishing the same content is not a change.
        Assert.Equal(("first", "second"), (once, twice));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task What_was_removed_comes_back_with_its_metadata_as_far_as_the_rows_hold_it(string dialect)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        PublishOptions options = dialect == "Acm" ? new() { AppName = "shop" } : new() { AppName = "shop", Type = "json", Tags = "x,y", Description = "d" };
        await client.PublishAsync(Key, "{}", options, cancellationToken: Token);
        await client.RemoveAsync(Key, cancellationToken: Token);

        RestorePlan plan = await client.PlanRestoreAsync(Key, RevisionQuery.Deleted, cancellationToken: Token);
        await client.RestoreAsync(plan, cancellationToken: Token);
        AcmConfig read = await client.GetAsync(Key, new AcmCallOptions { NoFailover = true }, Token);

        Assert.Equal(("{}", null, true), (read.Content, plan.Current, plan.IsNeeded));
        if (HistoryServers.KeepsMetadata(dialect)) Assert.Equal(("shop", "json", "x,y", "d"), (read.Metadata.AppName, read.Metadata.Type, read.Metadata.Tags, read.Metadata.Description));
        else Assert.Equal("shop", plan.Wanted.Metadata.AppName);
    }

    [Theory]
    [InlineData("Two")]
    [InlineData("Three")]
    public async Task Metadata_that_was_not_set_then_is_cleared(string dialect)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        await client.PublishAsync(Key, "a", cancellationToken: Token);
        await client.PublishAsync(Key, "a", new PublishOptions { Tags = "x", Description = "new", AppName = "shop", Type = "json" }, cancellationToken: Token);

        RestorePlan plan = await client.PlanRestoreAsync(Key, RevisionQuery.Previous, cancellationToken: Token);
        await client.RestoreAsync(plan, cancellationToken: Token);
        AcmConfig read = await client.GetAsync(Key, new AcmCallOptions { NoFailover = true }, Token);

        Assert.Equal(["type: 'json' -> 'yaml'", "tags: 'x' -> ''", "description: 'new' -> ''", "appName: 'shop' -> ''"], plan.MetadataChanges);
        Assert.Equal(("yaml", null, null, null), (read.Metadata.Type, read.Metadata.Tags, read.Metadata.Description, read.Metadata.AppName));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_restore_never_removes_and_never_overwrites_what_came_since_the_plan(string dialect)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        await WriteAsync(client, clock, "removed", null, "first", "second");
        long removal = (await ToListAsync(client.GetHistoryAsync(Key, cancellationToken: Token)))[2].Version;

        AcmException notThen = await Clients.FailsAsync(client.PlanRestoreAsync(Key, RevisionQuery.After(removal), cancellationToken: Token));
        RestorePlan plan = await client.PlanRestoreAsync(Key, RevisionQuery.Previous, cancellationToken: Token);
        await client.PublishAsync(Key, "third", cancellationToken: Token);
        AcmException changed = await Clients.FailsAsync(client.RestoreAsync(plan, cancellationToken: Token));

        Assert.Equal((AcmErrorKind.ConfigNotFound, AcmErrorKind.Conflict), (notThen.Kind, changed.Kind));
        Assert.Contains("a restore never removes", notThen.Message, StringComparison.Ordinal);
        Assert.Equal("third", (await client.GetAsync(Key, cancellationToken: Token)).Content);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task What_neither_existed_then_nor_exists_now_is_an_error(string dialect)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        await WriteAsync(client, clock, "first", null);
        long removal = (await ToListAsync(client.GetHistoryAsync(Key, cancellationToken: Token)))[0].Version;

        AcmException error = await Clients.FailsAsync(client.PlanRestoreAsync(Key, RevisionQuery.After(removal), cancellationToken: Token));

        Assert.Equal((AcmErrorKind.ConfigNotFound, "Deleted"), (error.Kind, error.Option));
        Assert.Contains($"it did not exist after version {removal.ToString(CultureInfo.InvariantCulture)}, and does not exist now", error.Message, StringComparison.Ordinal);
    }

    // Servers prune the history, so an older addition and removal may be missing.
    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_moment_before_the_first_addition_that_is_kept_is_not_known(string dialect)
    {
        var clock = new FakeTimeProvider();
        DateTimeOffset before = clock.GetUtcNow();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        clock.Advance(TimeSpan.FromMinutes(1));
        await WriteAsync(client, clock, "first", "second");

        AcmException error = await Clients.FailsAsync(client.PlanRestoreAsync(Key, RevisionQuery.AsOf(before), cancellationToken: Token));

        Assert.Equal(AcmErrorKind.ConfigNotFound, error.Kind);
        Assert.Contains("it did not exist at ", error.Message, StringComparison.Ordinal);
        Assert.Contains("history begins with its creation at ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Remove it", error.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_version_of_another_configuration_is_none_of_this_one(string dialect)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        await WriteAsync(client, clock, "first");
        await client.PublishAsync(new ConfigKey("other"), "x", cancellationToken: Token);
        long version = (await ToListAsync(client.GetHistoryAsync(new ConfigKey("other"), cancellationToken: Token))).Single().Version;

        AcmException error = await Clients.FailsAsync(client.GetRevisionAsync(Key, RevisionQuery.After(version), cancellationToken: Token));

        Assert.Equal(AcmErrorKind.ConfigNotFound, error.Kind);
        Assert.Contains($"its history has no version {version.ToString(CultureInfo.InvariantCulture)}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Acm")]
    [InlineData("One")]
    [InlineData("Three")]
    public async Task A_history_of_several_pages_comes_whole(string dialect)
    {
        var clock = new FakeTimeProvider();
        await using RunningServer server = await HistoryServers.StartAsync(dialect, clock);
        using AcmClient client = HistoryServers.Connect(dialect, server);
        for (int i = 0; i < 250; i++) await client.PublishAsync(Key, $"v{i}", cancellationToken: Token);

        List<ConfigRevision> all = await ToListAsync(client.GetHistoryAsync(Key, cancellationToken: Token));

        Assert.Equal(250, all.Select(revision => revision.Version).Distinct().Count());
    }

    private static async Task RestoreAsync(AcmClient client, RevisionQuery query) =>
        await client.RestoreAsync(await client.PlanRestoreAsync(Key, query, cancellationToken: Token), cancellationToken: Token);

    /// <summary>Publishes contents at intervals of a minute; null removes the configuration.</summary>
    private static async Task WriteAsync(AcmClient client, FakeTimeProvider clock, params string?[] contents)
    {
        foreach (string? content in contents)
        {
            if (content is null) await client.RemoveAsync(Key, cancellationToken: Token);
            else await client.PublishAsync(Key, content, cancellationToken: Token);
            clock.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private static async Task<List<T>> ToListAsync<T>(IAsyncEnumerable<T> source)
    {
        var list = new List<T>();
        await foreach (T item in source) list.Add(item);
        return list;
    }
}
