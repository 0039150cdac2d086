using Acm.Server.Dialects.Nacos.V1;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V2;

/// <summary>The health and cluster calls of the v2 API.</summary>
internal sealed class V2Server(Generation generation, IErrorFormat errors)
{
    private static readonly Answer Ok = Envelope.Success(static json => json.WriteStringValue("ok"));
    private static readonly Answer Up = Envelope.Success(static json => json.WriteStringValue("UP"));

    public IEnumerable<Route> Routes() =>
    [
        Open("/v2/console/health/liveness", Ok),
        Open("/v2/console/health/readiness", Ok),
        Open("/v2/core/cluster/node/self/health", Up),
        Member("/v2/core/cluster/node/self", inList: false),
        Member("/v2/core/cluster/node/list", inList: true),
    ];

    private Route Member(string path, bool inList) => new("GET", path, errors, call => Task.FromResult(Envelope.Success(json =>
    {
        if (inList) json.WriteStartArray();
        V1Server.WriteMember(json, call, generation);
        if (inList) json.WriteEndArray();
    })))
    { Access = Access.Admin, Filter = NameFilter.None };

    private Route Open(string path, Answer answer) => new("GET", path, errors, _ => Task.FromResult(answer)) { Access = Access.None, Filter = NameFilter.None };
}
