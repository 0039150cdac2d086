using Acm.Server.Auth;
using Acm.Server.Dialects.Nacos.V1;
using Acm.Server.Limits;
using Acm.Server.Options;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The families of calls of a generation, put together.</summary>
internal static class NacosSetup
{
    public static NacosDialect Create(Generation generation, ServerOptions options, ConfigStore store, SignatureCheck? signatures, PollLimit polls)
    {
        var operations = new ConfigOperations(store, generation);
        var routes = new List<Route>();
        if (generation < Generation.ThreeTwo) routes.AddRange(V1(operations, polls));
        return new NacosDialect(generation, options.NacosContextPath, new RouteTable(routes), options.TrustedProxies, new SignatureGuard(signatures, generation));
    }

    private static IEnumerable<Route> V1(ConfigOperations operations, PollLimit polls)
    {
        var style = new V1Style(operations.Generation);
        return
        [
            .. new V1Configs(operations, style).Routes(),
            .. new V1Details(operations, style).Routes(),
            .. new V1Search(operations, style).Routes(),
            .. new V1History(operations, style).Routes(),
            .. new V1Gray(operations, style).Routes(),
            .. new V1Batch(operations, style).Routes(),
            .. new V1Listeners(operations, style).Routes(),
            .. new V1Polls(operations, polls, style).Routes(),
        ];
    }
}
