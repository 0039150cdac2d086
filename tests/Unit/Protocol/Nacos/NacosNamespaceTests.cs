using Acm.Client;
using Acm.Tests.History;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Protocol.Nacos;

/// <summary>Namespaces by name, and the creation of namespaces.</summary>
public sealed class NacosNamespaceTests
{
    private static readonly ConfigNamespace Development = new() { Namespace = "dev", Name = "Development", Description = "d" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_looked_up_again_after_a_minute()
    {
        string id = "ns-1";
        var clock = new PauselessClock();
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", _ => ScriptedNacos.Json(200, $$"""{"code":0,"data":[{"namespace":"{{id}}","namespaceShowName":"Development"}]}"""));
        using AcmClient connection = ScriptedNacos.Connect(server, clock: clock);
        AcmClient client = connection.ForNamespace("Development");

        string first = (await client.FindNamespaceAsync(cancellationToken: Token)).Namespace;
        id = "ns-2";
        string second = (await client.FindNamespaceAsync(cancellationToken: Token)).Namespace;
        clock.Advance(TimeSpan.FromMinutes(1));
        string third = (await client.FindNamespaceAsync(cancellationToken: Token)).Namespace;

        Assert.Equal(("ns-1", "ns-1", "ns-2"), (first, second, third));
    }

    [Fact]
    public async Task A_name_is_looked_up_again_after_a_namespace_was_created_renamed_or_removed()
    {
        await using RunningServer server = await HistoryServers.StartAsync("Three", TimeProvider.System);
        using AcmClient connection = HistoryServers.Connect("Three", server);
        AcmClient client = connection.ForNamespace("Development");
        var seen = new List<string>();

        async Task LookAsync()
        {
            AcmClient found = await client.FindNamespaceAsync(cancellationToken: Token);
            seen.Add($"{found.Namespace} {found.IsNamespaceListed}");
        }

        await LookAsync();
        await connection.AddNamespaceAsync(Development, cancellationToken: Token);
        await LookAsync();
        await connection.RemoveNamespaceAsync("dev", cancellationToken: Token);
        await LookAsync();
        await connection.AddNamespaceAsync(new ConfigNamespace { Namespace = "other", Name = "Other" }, cancellationToken: Token);
        await connection.SetNamespaceAsync(new ConfigNamespace { Namespace = "other", Name = "Development" }, cancellationToken: Token);
        await LookAsync();

        Assert.Equal(["Development False", "dev True", "Development False", "other True"], seen);
    }

    // A write to a mistyped ID is warned of only if the list can be read.
    [Theory]
    [InlineData(503, "right", AcmErrorKind.ServerUnavailable)]
    [InlineData(200, "wrong", AcmErrorKind.AuthenticationFailed)]
    [InlineData(200, "right", null)]
    [InlineData(403, "right", null)]
    public async Task A_list_that_fails_because_of_the_server_or_the_login_ends_a_write_with_that_error(int status, string password, AcmErrorKind? kind)
    {
        await using ScriptedServer server = ScriptedNacos.Start("3.0.3", _ => ScriptedReply.Status(status));
        using AcmClient connection = ScriptedNacos.Connect(server, new AcmCredential("user", password), new PauselessClock());
        Task<AcmClient> finding = connection.ForNamespace("5e2b8a3c-0d41-4f6e-9b7a-1c2d3e4f5a6b").FindNamespaceAsync(isForWrite: true, cancellationToken: Token);

        if (kind is not null) Assert.Equal(kind, (await Clients.FailsAsync(finding)).Kind);
        else Assert.Null((await Clients.InTime(finding)).IsNamespaceListed);
    }

    [Fact]
    public async Task The_id_that_an_earlier_connection_found_is_for_reads_of_the_same_server_alone()
    {
        using var folder = new TemporaryFiles();
        AcmClientOptions options;
        await using (ScriptedServer server = ScriptedNacos.Start("3.0.3", _ => ScriptedNacos.Json(200, """{"code":0,"data":[{"namespace":"ns-1","namespaceShowName":"Development"}]}""")))
        {
            options = Clients.Options(server) with { ServerType = AcmServerType.Nacos, Namespace = "Development", NoSnapshot = false, SnapshotPath = folder.Path };
            using AcmClient earlier = Clients.With(options);
            await earlier.FindNamespaceAsync(cancellationToken: Token);
        }

        using AcmClient client = Clients.With(options, new PauselessClock());
        using AcmClient other = Clients.With(options with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}" }, new PauselessClock());
        AcmClient read = await Clients.InTime(client.FindNamespaceAsync(cancellationToken: Token));
        AcmException write = await Clients.FailsAsync(client.FindNamespaceAsync(isForWrite: true, cancellationToken: Token));
        AcmException elsewhere = await Clients.FailsAsync(other.FindNamespaceAsync(cancellationToken: Token));

        Assert.Equal(("ns-1", AcmErrorKind.ServerUnavailable, AcmErrorKind.ServerUnavailable), (read.Namespace, write.Kind, elsewhere.Kind));
    }

    // 1.4.8 and 2.0.3, v1.namespaces and v1.state: the list has no member namespaceDesc, the namespace by itself has it.
    [Theory]
    [InlineData("1.4.8")]
    [InlineData("2.0.3")]
    public async Task A_description_that_the_list_does_not_tell_is_asked_for_and_kept(string version)
    {
        string name = "Development";
        string description = "of a test";
        await using ScriptedServer server = ScriptedNacos.Start(version, request =>
        {
            if (request.Method == "PUT")
            {
                (name, description) = (Field(request.Body, "namespaceShowName"), Field(request.Body, "namespaceDesc"));
                return ScriptedNacos.Json(200, "true");
            }

            return ScriptedNacos.Json(200, request.Target.Contains("show=all", StringComparison.Ordinal)
                ? $$"""{"namespace":"dev","namespaceShowName":"{{name}}","configCount":0,"quota":200,"type":2,"namespaceDesc":"{{description}}"}"""
                : $$"""{"code":200,"message":null,"data":[{"namespace":"","namespaceShowName":"public","quota":200,"configCount":0,"type":0},{"namespace":"dev","namespaceShowName":"{{name}}","quota":200,"configCount":0,"type":2}]}""");
        });
        using AcmClient client = ScriptedNacos.Connect(server);

        await client.SetNamespaceAsync(new ConfigNamespace { Namespace = "dev", Name = "Renamed", Description = null }, cancellationToken: Token);
        ConfigNamespace renamed = (await client.GetNamespaceAsync("dev", cancellationToken: Token))!;
        await client.SetNamespaceAsync(new ConfigNamespace { Namespace = "dev", Name = "Renamed", Description = "other" }, cancellationToken: Token);

        Assert.Equal(("Renamed", "of a test"), (renamed.Name, renamed.Description));
        Assert.Equal("other", (await client.GetNamespaceAsync("dev", cancellationToken: Token))!.Description);
        Assert.DoesNotContain(server.Requests, request => request.Target.EndsWith("show=all&namespaceId=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(403)]
    public async Task A_description_that_is_not_told_is_not_known_and_never_cleared(int status)
    {
        await using ScriptedServer server = ScriptedNacos.Start("1.4.8", request => request.Target.Contains("show=all", StringComparison.Ordinal)
            ? ScriptedReply.Status(status)
            : ScriptedNacos.Json(200, request.Method == "PUT" ? "true" : """{"code":200,"message":null,"data":[{"namespace":"dev","namespaceShowName":"Development","quota":200,"configCount":0,"type":2}]}"""));
        using AcmClient client = ScriptedNacos.Connect(server);

        ConfigNamespace listed = Assert.Single(await client.GetNamespacesAsync(cancellationToken: Token));
        AcmException error = await Clients.FailsAsync(client.SetNamespaceAsync(new ConfigNamespace { Namespace = "dev", Name = "Renamed", Description = null }, cancellationToken: Token));
        bool isSent = server.Requests.Any(request => request.Method == "PUT");

        // Given values are sent; values that cannot be read are ignored.
        await client.SetNamespaceAsync(new ConfigNamespace { Namespace = "dev", Name = "Development", Description = "d" }, cancellationToken: Token);

        Assert.Null(listed.Description);
        Assert.Equal((AcmErrorKind.CapabilityMissing, false), (error.Kind, isSent));
    }

    private static string Field(string form, string name) =>
        Uri.UnescapeDataString(form.Split('&').Single(field => field.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..].Replace('+', ' '));

    // The first request creates the namespace, but its response is lost; 2.5.1 returns "false" for the second one (v1.namespaces).
    [Theory]
    [InlineData("Development", null)]
    [InlineData("Somebody else's", AcmErrorKind.InvalidKey)]
    public async Task A_creation_whose_answer_was_lost_is_done_where_the_list_shows_it(string listed, AcmErrorKind? expected)
    {
        int created = 0;
        await using ScriptedServer server = ScriptedNacos.Start("2.5.1", request => request switch
        {
            { Method: "POST" } => Interlocked.Increment(ref created) == 1 ? ScriptedReply.Reset : ScriptedNacos.Json(200, "false"),
            _ when request.Target.StartsWith("/nacos/v1/console/namespaces", StringComparison.Ordinal) => ScriptedNacos.Json(200, created == 0
                ? """{"code":200,"data":[]}"""
                : $$"""{"code":200,"data":[{"namespace":"dev","namespaceShowName":"{{listed}}","namespaceDesc":"d"}]}"""),
            _ => ScriptedNacos.Json(200, """{"totalCount":0,"pageNumber":1,"pagesAvailable":0,"pageItems":[]}"""),
        });
        using AcmClient client = ScriptedNacos.Connect(server, clock: new PauselessClock());

        Task work = client.AddNamespaceAsync(Development, cancellationToken: Token);

        if (expected is null) await work.WaitAsync(Clients.Deadline, Token);
        else Assert.Equal(expected, (await Clients.FailsAsync(work)).Kind);
        Assert.Equal(2, created);
    }
}
