using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos.Grpc;
using Acm.Server.Dialects.Nacos.Transfer;
using Acm.Server.Dialects.Nacos.V1;
using Acm.Server.Dialects.Nacos.V2;
using Acm.Server.Dialects.Nacos.V3;
using Acm.Server.Limits;
using Acm.Server.Options;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Composes the HTTP and gRPC APIs of a Nacos generation.</summary>
internal static class NacosSetup
{
    public static NacosDialect Create(Generation generation, ServerOptions options, ConfigStore store, SignatureCheck? signatures, UserDirectory? users, PollLimit polls, CallLimits limits)
    {
        // Nacos 3 always authenticates administrators.
        bool asksWho = signatures is not null || (users is not null && (!options.AnonymousClient || generation >= Generation.Three));
        var facts = new ServerFacts(generation, asksWho, options.HistoryDays, limits.MaxContentBytes);
        var table = new RouteTable(Routes(facts, options, store, users, polls, limits));
        return new NacosDialect(generation, options.NacosContextPath, table, options.TrustedProxies, new LoginGuard(generation, users, signatures, options.AnonymousClient), limits);
    }

    /// <summary>Creates the gRPC API, which exists from Nacos 2 on.</summary>
    /// <param name="generation">The emulated Nacos generation.</param>
    /// <param name="options">The server's options.</param>
    /// <param name="store">The store.</param>
    /// <param name="signatures">Checks signatures; null without access keys.</param>
    /// <param name="users">The users; null if there are none.</param>
    /// <param name="limits">The rate and size limits.</param>
    /// <param name="connections">The connections of the gRPC port.</param>
    /// <param name="log">The log.</param>
    public static GrpcEndpoint CreateGrpc(Generation generation, ServerOptions options, ConfigStore store, SignatureCheck? signatures, UserDirectory? users, CallLimits limits, GrpcConnections connections, ILogger log)
    {
        var guard = new LoginGuard(generation, users, signatures, options.AnonymousClient);
        var requests = new GrpcRequests(generation, guard, new GrpcConfigs(new ConfigOperations(store, generation, limits), new LargeAnswers(connections.Clock)), new GrpcListens(connections.Fuzzy));
        return new GrpcEndpoint(requests, connections, log);
    }

    /// <summary>Returns every route of the generation.</summary>
    public static IReadOnlyList<Route> Routes(ServerFacts facts, ServerOptions options, ConfigStore store, UserDirectory? users, PollLimit polls, CallLimits limits)
    {
        Generation generation = facts.Generation;
        var operations = new ConfigOperations(store, generation, limits);
        var namespaces = new NamespaceOperations(store, generation);
        var transfer = new TransferOperations(operations, namespaces);
        var style = new V1Style(generation);
        return
        [
            .. generation < Generation.ThreeTwo ? V1(operations, namespaces, transfer, polls, facts) : [],
            .. new ServerList(options.Advertise, style).Routes(),
            .. new V1Server(facts, style).CommonRoutes(),
            .. generation == Generation.Two ? V2(operations, namespaces) : [],
            .. generation >= Generation.Three ? V3(operations, namespaces, transfer, facts) : [],
            .. new NacosLogin(generation, users, options.AnonymousClient, style).Routes(),
        ];
    }

    private static IEnumerable<Route> V3(ConfigOperations operations, NamespaceOperations namespaces, TransferOperations transfer, ServerFacts facts)
    {
        var style = new V3Style();
        var configs = new V3Configs(operations, style);
        return
        [
            .. new V3Client(operations).Routes(),
            .. configs.Routes(),
            .. new V3Lists(operations, configs, style).Routes(),
            .. new V3Gray(operations, configs, style).Routes(),
            .. new V3History(operations, style).Routes(),
            .. new V3Listeners(operations, style).Routes(),
            .. new V3Transfer(operations, transfer, style).Routes(),
            .. new V3Namespaces(namespaces, style).Routes(),
            .. new V3State(facts, style).Routes(),
        ];
    }

    // With its default settings, Nacos 3 still serves the client calls of v1, and answers the others with their replacements.
    private static IEnumerable<Route> V1(ConfigOperations operations, NamespaceOperations namespaces, TransferOperations transfer, PollLimit polls, ServerFacts facts)
    {
        Generation generation = operations.Generation;
        var style = new V1Style(generation);
        IEnumerable<Route> client = [.. new V1Configs(operations, style).Routes(), .. new V1Polls(operations, polls, style).Routes()];
        if (generation >= Generation.Three) return [.. client, .. Gone.Routes()];

        return
        [
            .. client,
            .. new V1Details(operations, style).Routes(),
            .. new V1Search(operations, style).Routes(),
            .. new V1History(operations, style).Routes(),
            .. new V1Gray(operations, style).Routes(),
            .. new V1Transfer(operations, transfer, style).Routes(),
            .. new V1Listeners(operations, style).Routes(),
            .. new V1Namespaces(namespaces, generation, style).Routes(),
            .. new V1Server(facts, style).Routes(),
        ];
    }

    private static IEnumerable<Route> V2(ConfigOperations operations, NamespaceOperations namespaces)
    {
        var style = new EnvelopeStyle(operations.Generation);
        return
        [
            .. new V2Configs(operations, style).Routes(),
            .. new V2History(operations, style).Routes(),
            .. new V2Namespaces(namespaces, operations.Generation, style).Routes(),
            .. new V2Server(operations.Generation, style).Routes(),
        ];
    }
}
