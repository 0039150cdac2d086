using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The server list of an address server, one server a line.</summary>
internal sealed class ServerList(IReadOnlyList<string> advertised, IErrorFormat errors)
{
    public IEnumerable<Route> Routes() =>
    [
        new("GET", "/serverlist", errors, call => Task.FromResult(List(call))) { Access = Access.None, Filter = NameFilter.None },
    ];

    private Answer List(NacosCall call)
    {
        IEnumerable<string> servers = advertised.Count > 0 ? advertised : [RequestHost.Of(call.Request)];
        return Answer.Text(200, string.Concat(servers.Select(server => server + "\n")), "text/plain;charset=UTF-8");
    }
}
