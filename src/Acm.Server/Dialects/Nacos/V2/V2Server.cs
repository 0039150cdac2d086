using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V2;

/// <summary>Health in the second family.</summary>
internal sealed class V2Server(IFaultStyle style)
{
    private static readonly Answer Ok = Envelope.Success(static json => json.WriteStringValue("ok"));
    private static readonly Answer Up = Envelope.Success(static json => json.WriteStringValue("UP"));

    public IEnumerable<Route> Routes() =>
    [
        Open("/v2/console/health/liveness", Ok),
        Open("/v2/console/health/readiness", Ok),
        Open("/v2/core/cluster/node/self/health", Up),
    ];

    private Route Open(string path, Answer answer) => new("GET", path, style, _ => Task.FromResult(answer)) { Access = Access.None, Filter = NameFilter.None };
}
