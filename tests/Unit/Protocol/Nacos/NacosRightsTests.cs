using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>The permissions of each user on each generation: the result of each operation, or the kind of the error.</summary>
public sealed class NacosRightsTests
{
    private const string Ok = "ok";
    private const string Denied = nameof(AcmErrorKind.AccessDenied);
    private const string NotLoggedIn = nameof(AcmErrorKind.AuthenticationFailed);

    private static readonly ConfigKey Key = new("app.yaml");

    private static readonly GrayTarget Beta = GrayTarget.BetaOf(["10.1.2.3"]);

    public static TheoryData<string, string, string, string, string> Table => Rows();

    // Nacos 1 and 2 list namespaces for all users, Nacos 3 only for administrators. Only administrators can change them.
    public static IEnumerable<TheoryDataRow<string, string, string, string>> Administration =>
        from row in Rows().Select(row => row.Data)
        let isOpen = row.Item1 is "One" or "Two"
        let denied = row.Item2 == "root" ? Ok : row.Item3 == NotLoggedIn ? NotLoggedIn : Denied
        select new TheoryDataRow<string, string, string, string>(row.Item1, row.Item2, isOpen && denied == Denied ? Ok : denied, denied);

    [Theory]
    [MemberData(nameof(Table))]
    public async Task An_operation_ends_as_the_users_right_says(string generation, string user, string read, string list, string write)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation, "root=admin", "writer=readwrite", "reader=read");
        using (AcmClient root = NacosServers.Connect(server, "root")) await root.PublishAsync(Key, "1");
        using AcmClient client = ClientOf(server, user);

        Assert.Equal(
            $"get {read}, compare {read}, list {list}, publish {write}, conditional {write}, remove {write}",
            $"get {await OutcomeAsync(client.GetAsync(Key))}, compare {await OutcomeAsync(client.FindDifferencesAsync([new(Key, null)]))}, list {await OutcomeAsync(client.ListPageAsync(1, 10))}, publish {await OutcomeAsync(client.PublishAsync(Key, "2"))}, conditional {await OutcomeAsync(ConditionalAsync(client, write))}, remove {await OutcomeAsync(client.RemoveAsync(Key))}");
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_command_of_several_calls_ends_as_the_users_right_says(string generation, string user, string read, string list, string write)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation, "root=admin", "writer=readwrite", "reader=read");
        using (AcmClient root = NacosServers.Connect(server, "root")) await root.PublishAsync(Key, "1");
        using AcmClient client = ClientOf(server, user);
        using var source = ConfigSet.OfNamespace(client, "source");
        using var target = ConfigSet.OfNamespace(client.ForNamespace("target-ns"), "target");

        Assert.Equal(
            $"watch {read}, search {list}, compare {list}, copy {(list == Ok ? write : list)}, test {read == Ok}",
            $"watch {await WatchAsync(client)}, search {await OutcomeAsync(SearchAsync(client))}, compare {await OutcomeAsync(TransferPlan.CompareAsync(source, target))}, copy {await OutcomeAsync(CopyAsync(source, target))}, test {await TestAsync(client)}");
    }

    [Fact]
    public async Task A_user_who_is_no_administrator_publishes_over_gRPC_what_was_given_and_on_condition()
    {
        await using RunningServer server = await NacosServers.StartAsync("ThreeTwo", "root=admin", "writer=readwrite");
        using AcmClient root = NacosServers.Connect(server, "root");
        using AcmClient writer = NacosServers.Connect(server, "writer");

        PublishResult first = await writer.PublishAsync(Key, "größer: \"1\" 😀", new PublishOptions { Type = "yaml", Description = "from the writer", Tags = "a,b", CreateOnly = true });
        AcmConfig stored = await root.GetAsync(Key, new AcmCallOptions { WithMetadata = true });
        AcmException stale = await Clients.FailsAsync(writer.PublishAsync(Key, "2", new PublishOptions { IfMatch = "c4ca4238a0b923820dcc509a6f75849b" }));
        await writer.PublishAsync(Key, "2", new PublishOptions { IfMatch = first.Config.Md5 });

        Assert.Equal(("größer: \"1\" 😀", "yaml", "from the writer", "a b"), (stored.Content, stored.Type, stored.Description, string.Join(" ", stored.Tags)));
        Assert.Equal(AcmErrorKind.Conflict, stale.Kind);
        Assert.Equal("2", (await root.GetAsync(Key)).Content);
    }

    [Fact]
    public async Task A_user_who_is_no_administrator_is_told_that_gRPC_is_missing()
    {
        await using RunningServer server = await NacosServers.StartAsync("ThreeTwo", "root=admin", "writer=readwrite");
        await using var relay = new Watching.TcpRelay(server.GrpcUri.Port, Watching.RelayMode.Http1);
        using AcmClient writer = NacosServers.Connect(server, "writer", grpcPort: relay.Port);

        AcmException error = await Clients.FailsAsync(writer.PublishAsync(Key, "1"));

        Assert.Equal((AcmErrorKind.AccessDenied, nameof(AcmClientOptions.GrpcPort)), (error.Kind, error.Option));
        // .NET may find the connection closed before it reads the response of HTTP/1.
        Assert.Matches(@"does not speak HTTP/2\.|did not complete the HTTP/2 handshake\.", error.Message);
    }

    [Fact]
    public async Task A_connection_that_the_server_ended_is_made_again_for_the_next_write()
    {
        await using RunningServer server = await NacosServers.StartAsync("ThreeTwo", "root=admin", "writer=readwrite");
        await using var relay = new Watching.TcpRelay(server.GrpcUri.Port);
        using AcmClient writer = NacosServers.Connect(server, "writer", grpcPort: relay.Port);

        await writer.PublishAsync(Key, "1");
        await writer.PublishAsync(Key, "2");
        int before = relay.Connections;
        relay.Cut();
        await Clients.InTime(PublishUntilTakenAsync());

        // The channel of the closed connection may connect once more by itself, before the server says that it does not know it there.
        Assert.Equal(1, before);
        Assert.InRange(relay.Connections, 2, 3);
        Assert.Equal("3", (await writer.GetAsync(Key)).Content);

        // A closed connection may only be noticed during the write, whose outcome is then unknown.
        async Task<bool> PublishUntilTakenAsync()
        {
            while (true)
            {
                try
                {
                    await writer.PublishAsync(Key, "3");
                    return true;
                }
                catch (AcmException e) when (e.OutcomeUnknown)
                {
                    continue;
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task An_operation_on_versions_and_files_ends_as_the_users_right_says(string generation, string user, string read, string list, string write)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation, "root=admin", "writer=readwrite", "reader=read");
        using (AcmClient root = NacosServers.Connect(server, "root"))
        {
            await root.PublishAsync(Key, "1");
            await root.PublishAsync(Key, "2");
            await root.PublishGrayAsync(Key, "beta", Beta);
        }

        using AcmClient client = ClientOf(server, user);
        using var files = new TemporaryFiles();
        files.Write("new.yaml", "a: 1");
        using var folder = ConfigSet.OfFolder(files.Path);
        using var target = ConfigSet.OfNamespace(client, "target");

        // On 3.2 these operations only exist in the admin API.
        bool isClosed = generation == "ThreeTwo" && list == Denied;
        string look = isClosed ? Denied : read;
        string change = isClosed ? Denied : write;
        Assert.Equal(
            $"history {list}, listeners {look}, gray {look}, export {list}, restore {change}, gray publish {change}, gray remove {change}, import {(list == Ok || isClosed ? write : list)}",
            $"history {await OutcomeAsync(HistoryAsync(client))}, listeners {await OutcomeAsync(client.GetListenersAsync(Key))}, gray {await OutcomeAsync(client.GetGrayAsync(Key, GrayTarget.Beta))}, export {await OutcomeAsync(ExportAsync(client))}, restore {await OutcomeAsync(RestoreAsync(client))}, gray publish {await OutcomeAsync(client.PublishGrayAsync(Key, "beta 2", Beta))}, gray remove {await OutcomeAsync(client.RemoveGrayAsync(Key, GrayTarget.Beta))}, import {await OutcomeAsync(CopyAsync(folder, target))}");
    }

    [Theory]
    [MemberData(nameof(Administration))]
    public async Task An_operation_on_namespaces_ends_as_the_users_right_says(string generation, string user, string list, string change)
    {
        await using RunningServer server = await NacosServers.StartAsync(generation, "root=admin", "writer=readwrite", "reader=read");
        using AcmClient root = NacosServers.Connect(server, "root");
        await root.AddNamespaceAsync(Named("old", "Old"));
        using AcmClient client = ClientOf(server, user);

        Assert.Equal(
            $"list {list}, new {change}, change {change}, remove {change}",
            $"list {await OutcomeAsync(client.GetNamespacesAsync())}, new {await OutcomeAsync(client.AddNamespaceAsync(Named("new", "New")))}, change {await OutcomeAsync(client.SetNamespaceAsync(Named("old", "Renamed")))}, remove {await OutcomeAsync(client.RemoveNamespaceAsync("old"))}");
        Assert.Equal(change == Ok ? ["New"] : ["Old"], (await root.GetNamespacesAsync()).Where(listed => listed.Namespace.Length > 0).Select(listed => listed.Name));
    }

    [Theory]
    [MemberData(nameof(NacosClientTests.Generations), MemberType = typeof(NacosClientTests))]
    public async Task Many_calls_log_in_once_and_no_secret_is_written(string generation)
    {
        var log = new RecordingLog(AcmLogLevel.Debug);
        await using RunningServer server = await NacosServers.StartAsync(generation, "root=admin");
        using AcmClient client = NacosServers.Connect(server, "root", log: log);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.PublishAsync(new ConfigKey($"k{i}"), "1")));

        string[] lines = [.. log.Lines];
        Assert.Single(lines, line => line.Contains(" a login ", StringComparison.Ordinal));
        Assert.InRange(lines.Count(line => line.Contains(" the state of the server ", StringComparison.Ordinal)), 1, 2);
        Assert.DoesNotContain(lines, line => line.Contains("canary", StringComparison.Ordinal) || line.Contains("eyJ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_login_that_is_refused_is_asked_for_once_for_many_calls()
    {
        var log = new RecordingLog(AcmLogLevel.Debug);
        await using RunningServer server = await NacosServers.StartAsync("Three", "root=admin");
        using AcmClient client = NacosServers.Connect(server, "root", "wrong", log);

        AcmException[] errors = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Clients.FailsAsync(client.GetAsync(Key))));

        Assert.All(errors, error => Assert.Equal(AcmErrorKind.AuthenticationFailed, error.Kind));
        Assert.Single(log.Lines, line => line.Contains(" a login ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_a_server_does_not_know_any_more_is_asked_for_once_more()
    {
        await using RunningServer first = await NacosServers.StartAsync("Two", "root=admin");
        await using RunningServer second = await NacosServers.StartAsync("Two", "root=admin");
        using AcmClient client = Clients.With(new AcmClientOptions
        {
            Endpoint = $"{first.Uri.Authority},{second.Uri.Authority}",
            Direct = true,
            ServerType = AcmServerType.Nacos,
            NoSnapshot = true,
            TryTimeout = Clients.Deadline,
            Credential = new AcmCredential("root", "pw-canary-root"),
        });
        await client.PublishAsync(Key, "1");

        // Each server has its own key, so it rejects the tokens of the other one.
        await first.DisposeAsync();
        await client.PublishAsync(Key, "2");

        Assert.Equal("2", (await NacosServers.Connect(second, "root").GetAsync(Key)).Content);
    }

    private static TheoryData<string, string, string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string, string, string>();
        foreach (string generation in (string[])["One", "Two", "Three", "ThreeTwo"])
        {
            rows.Add(generation, "anonymous", Denied, Denied, Denied);
            rows.Add(generation, "wrong", NotLoggedIn, NotLoggedIn, NotLoggedIn);
            rows.Add(generation, "unknown", NotLoggedIn, NotLoggedIn, NotLoggedIn);

            // From 3.2 on only administrators can list; other users can still read, and write over gRPC.
            string list = generation == "ThreeTwo" ? Denied : Ok;
            rows.Add(generation, "reader", Ok, list, Denied);
            rows.Add(generation, "writer", Ok, list, Ok);
            rows.Add(generation, "root", Ok, Ok, Ok);
        }

        return rows;
    }

    private static ConfigNamespace Named(string id, string name) => new() { Namespace = id, Name = name };

    private static AcmClient ClientOf(RunningServer server, string user) => user switch
    {
        "anonymous" => NacosServers.Connect(server),
        "wrong" => NacosServers.Connect(server, "root", "no-such-password"),
        "unknown" => NacosServers.Connect(server, "nobody"),
        _ => NacosServers.Connect(server, user),
    };

    /// <summary>Returns the value that a watcher receives, or its error.</summary>
    private static async Task<string> WatchAsync(AcmClient client)
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        using ConfigWatcher watcher = client.Watch([Key], (change, _) =>
        {
            told.TrySetResult(change.Content == "1" ? Ok : $"{change.Kind} {change.Content}");
            return default;
        });
        await Polling.UntilAsync(() => told.Task.IsCompleted || watcher.Status()[0].LastError is not null);
        if (told.Task.IsCompleted) return await told.Task;

        string error = watcher.Status()[0].LastError!;
        return error.Contains("login", StringComparison.Ordinal) && !error.Contains("Nobody was logged in", StringComparison.Ordinal) ? NotLoggedIn : error.Contains("denied", StringComparison.Ordinal) ? Denied : error;
    }

    private static async Task<int> HistoryAsync(AcmClient client)
    {
        int found = 0;
        await foreach (RevisionDetail detail in client.GetHistoryDetailsAsync(Key, cancellationToken: TestContext.Current.CancellationToken)) found += detail.After is null ? 0 : 1;
        return found;
    }

    private static async Task RestoreAsync(AcmClient client) => await client.RestoreAsync(await client.PlanRestoreAsync(Key, RevisionQuery.Previous));

    private static async Task ExportAsync(AcmClient client)
    {
        using var files = new TemporaryFiles();
        ExportSummary summary = await new ConfigExporter(client).ToFolderAsync(Path.Combine(files.Path, "backup"), TestContext.Current.CancellationToken);
        Assert.Equal((1, 0), (summary.Exported, summary.Failed));
    }

    private static async Task<int> SearchAsync(AcmClient client)
    {
        int found = 0;
        await foreach (ConfigItem item in client.ListAsync(cancellationToken: TestContext.Current.CancellationToken))
        {
            if ((await client.GetAsync(item.Key)).Content.Contains('1', StringComparison.Ordinal)) found++;
        }

        return found;
    }

    private static async Task<TransferSummary> CopyAsync(ConfigSet source, ConfigSet target)
    {
        TransferPlan plan = await TransferPlan.MakeAsync(source, target, cancellationToken: TestContext.Current.CancellationToken);
        TransferSummary summary = await plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken);
        return plan.Items.Select(item => item.Error).FirstOrDefault(error => error is not null) is { } failed ? throw failed : summary;
    }

    private static async Task<bool> TestAsync(AcmClient client)
    {
        bool passes = true;
        await foreach (ConnectionCheck check in client.TestConnectionAsync(cancellationToken: TestContext.Current.CancellationToken)) passes &= check.Status != CheckStatus.Failed;
        return passes;
    }

    // Users without write permission fail at the preceding write.
    private static async Task<PublishResult> ConditionalAsync(AcmClient client, string write) =>
        await client.PublishAsync(Key, "3", new PublishOptions { IfMatch = write == Ok ? (await client.GetAsync(Key)).Md5 : "c4ca4238a0b923820dcc509a6f75849b" });

    private static async Task<string> OutcomeAsync(Task operation)
    {
        try
        {
            await operation;
            return Ok;
        }
        catch (AcmException e)
        {
            Canary.AssertAbsent($"{e} {e.Advice}", "an error");
            return e.Kind.ToString();
        }
    }
}
