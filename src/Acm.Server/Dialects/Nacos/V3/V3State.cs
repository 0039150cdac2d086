using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>The state and health calls of the v3 API, which need no login.</summary>
internal sealed class V3State(ServerFacts facts, V3ErrorFormat errors)
{
    private const string Path = "/v3/admin/core/state";

    public IEnumerable<Route> Routes() =>
    [
        Route(Path, State),
        Route(Path + "/liveness", _ => Ok()),
        Route(Path + "/readiness", _ => Ok()),

        // Used by Nacos's maintainer client.
        .. facts.Generation < Generation.ThreeTwo ? Array.Empty<Route>() : [Route("/v3/admin/core/ops/readiness", _ => Ok())],
    ];

    private static Answer Ok() => Envelope.Success(static json => json.WriteStringValue("ok"));

    private Route Route(string path, Func<NacosCall, Answer> answer) =>
        new("GET", path, errors, call => Task.FromResult(answer(call))) { Access = Access.None, Filter = NameFilter.None };

    private Answer State(NacosCall call) =>
        Envelope.Success(json => ServerState.Write(json, ServerState.Members(facts, call.Request.HttpContext.Connection.LocalPort)));
}
