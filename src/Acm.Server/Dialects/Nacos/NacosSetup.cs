using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos.Transfer;
using Acm.Server.Dialects.Nacos.V1;
using Acm.Server.Dialects.Nacos.V2;
using Acm.Server.Dialects.Nacos.V3;
using Acm.Server.Limits;
using Acm.Server.Options;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The families of calls of a generation, put together.</summary>
internal static class NacosSetup
{
    public static NacosDialect Create(Generation generation, ServerOptions options, ConfigStore store, SignatureCheck? signatures, UserDirectory? users, PollLimit polls)
    {
        var operations = new ConfigOperations(store, generation);
        var namespaces = new NamespaceOperations(store, generation);
        var transfer = new TransferOperations(operations, namespaces);

        // The third generation asks administrators always.
        bool asksWho = signatures is not null || (users is not null && (!options.AnonymousClient || generation >= Generation.Three));
        var routes = new List<Route>();
        if (generation < Generation.ThreeTwo) routes.AddRange(V1(operations, namespaces, transfer, polls, options.HistoryDays, asksWho));
        routes.AddRange(new ServerList(options.Advertise, new V1Style(generation)).Routes());
        routes.AddRange(new V1Server(generation, options.HistoryDays, asksWho, new V1Style(generation)).CommonRoutes());
        if (generation == Generation.Two) routes.AddRange(V2(operations, namespaces));
        if (generation >= Generation.Three) routes.AddRange(V3(operations, namespaces, transfer, options.HistoryDays, asksWho));
        routes.AddRange(new NacosLogin(generation, users, options.AnonymousClient, new V1Style(generation)).Routes());
        return new NacosDialect(generation, options.NacosContextPath, new RouteTable(routes), options.TrustedProxies, new LoginGuard(generation, users, signatures, options.AnonymousClient));
    }

    private static IEnumerable<Route> V3(ConfigOperations operations, NamespaceOperations namespaces, TransferOperations transfer, int historyDays, bool asksWho)
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
            .. new V3State(operations.Generation, historyDays, asksWho, style).Routes(),
        ];
    }

    // With its default switches the third generation has kept what clients call, and says of the rest what to call instead.
    private static IEnumerable<Route> V1(ConfigOperations operations, NamespaceOperations namespaces, TransferOperations transfer, PollLimit polls, int historyDays, bool asksWho)
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
            .. new V1Batch(operations, style).Routes(),
            .. new V1Transfer(operations, transfer, style).Routes(),
            .. new V1Listeners(operations, style).Routes(),
            .. new V1Namespaces(namespaces, generation, style).Routes(),
            .. new V1Server(generation, historyDays, asksWho, style).Routes(),
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
