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
        var errors = new V1ErrorFormat(generation);
        return
        [
            .. generation < Generation.ThreeTwo ? V1(operations, namespaces, transfer, polls, facts) : [],
            .. new ServerList(options.Advertise, errors).Routes(),
            .. new V1Server(facts, errors).CommonRoutes(),
            .. generation == Generation.Two ? V2(operations, namespaces) : [],
            .. generation >= Generation.Three ? V3(operations, namespaces, transfer, facts) : [],
            .. new NacosLogin(generation, users, options.AnonymousClient, errors).Routes(),
        ];
    }

    private static IEnumerable<Route> V3(ConfigOperations operations, NamespaceOperations namespaces, TransferOperations transfer, ServerFacts facts)
    {
        var errors = new V3ErrorFormat();
        var configs = new V3Configs(operations, errors);
        return
        [
            .. new V3Client(operations).Routes(),
            .. configs.Routes(),
            .. new V3Lists(operations, configs, errors).Routes(),
            .. new V3Gray(operations, configs, errors).Routes(),
            .. new V3History(operations, errors).Routes(),
            .. new V3Listeners(operations, errors).Routes(),
            .. new V3Transfer(operations, transfer, errors).Routes(),
            .. new V3Namespaces(namespaces, errors).Routes(),
            .. new V3State(facts, errors).Routes(),
        ];
    }

    // With its default settings, Nacos 3 still serves the client calls of v1, and answers the others with their replacements.
    private static IEnumerable<Route> V1(ConfigOperations operations, NamespaceOperations namespaces, TransferOperations transfer, PollLimit polls, ServerFacts facts)
    {
        Generation generation = operations.Generation;
        var errors = new V1ErrorFormat(generation);
        IEnumerable<Route> client = [.. new V1Configs(operations, errors).Routes(), .. new V1Polls(operations, polls, errors).Routes()];
        if (generation >= Generation.Three) return [.. client, .. DisabledCalls.Routes()];

        return
        [
            .. client,
            .. new V1Details(operations, errors).Routes(),
            .. new V1Search(operations, errors).Routes(),
            .. new V1History(operations, errors).Routes(),
            .. new V1Gray(operations, errors).Routes(),
            .. new V1Transfer(operations, transfer, errors).Routes(),
            .. new V1Listeners(operations, errors).Routes(),
            .. new V1Namespaces(namespaces, generation, errors).Routes(),
            .. new V1Server(facts, errors).Routes(),
        ];
    }

    private static IEnumerable<Route> V2(ConfigOperations operations, NamespaceOperations namespaces)
    {
        var errors = new EnvelopeErrorFormat(operations.Generation);
        return
        [
            .. new V2Configs(operations, errors).Routes(),
            .. new V2History(operations, errors).Routes(),
            .. new V2Namespaces(namespaces, operations.Generation, errors).Routes(),
            .. new V2Server(operations.Generation, errors).Routes(),
        ];
    }
}
