using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;

namespace Acm.Client.Protocol.Nacos;

/// <summary>The ways to the Nacos servers of one connection, which share one login.</summary>
internal sealed class NacosLinks : IServerLinks
{
    private readonly HttpLinks _links;
    private readonly NacosSession _session;

    /// <param name="http">Sends the requests; disposed of with this.</param>
    /// <param name="appName">What this application calls itself.</param>
    /// <param name="credentials">User and password; null where nobody logs in.</param>
    /// <param name="clock">Source of time.</param>
    public NacosLinks(HttpExchange http, string appName, AcmCredentialSource? credentials, TimeProvider clock)
    {
        _links = new HttpLinks(
            http,
            [new("Client-Version", "Acm-Client:v1.0"), new("Client-AppName", appName), new("exConfigInfo", "true")],
            static name => name.Equals("accessToken", StringComparison.OrdinalIgnoreCase) || name.Equals("Encrypted-Data-Key", StringComparison.OrdinalIgnoreCase),
            authenticator: null,
            clock);
        _session = new NacosSession(credentials, clock);
    }

    public ValueTask<IServerLink> OpenAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken) => new(new NacosLink(_links, _session, server, log, logsIn: true));

    public IServerLink OpenAnonymous(ServerAddress server, CallLog log) => new NacosLink(_links, _session, server, log, logsIn: false);

    public string? ProxyFor(ServerAddress server) => _links.ProxyFor(server);

    public void Dispose()
    {
        _links.Dispose();
        _session.Dispose();
    }
}
