using Acm.Client.Http;
using Acm.Client.Protocol.Diamond;
using Acm.Client.Protocol.Nacos;

namespace Acm.Client;

/// <summary>Decides, once a connection, which dialect its servers are spoken to in.</summary>
internal static class DialectSelector
{
    /// <exception cref="ArgumentException">The dialect does not go with the other options.</exception>
    public static Dialect Select(AcmClientOptions options, EndpointAddress endpoint, AcmCredentialSource? credentials, TimeProvider clock)
    {
        if (options is { ServerType: AcmServerType.Nacos, Direct: false }) throw new ArgumentException("No address server is asked for Nacos servers: the servers themselves have to be named (Direct).", nameof(options));

        var http = new HttpExchange(TlsVerification.From(options, endpoint), options.ClientCertificate, ProxyRoute.From(options.Proxy));
        if (options.ServerType == AcmServerType.Nacos) return new Dialect(new NacosProtocol(options.AllowUnicodeName), new NacosLinks(http, options.AppName, credentials, clock));

        return new Dialect(new DiamondProtocol(options.AllowUnicodeName, options.AllowEuroSign), DiamondProtocol.Links(http, options.AppName, credentials, clock));
    }
}
