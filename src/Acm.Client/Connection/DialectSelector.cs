using Acm.Client.Http;
using Acm.Client.Local;
using Acm.Client.Protocol.Diamond;
using Acm.Client.Protocol.Nacos;
#if NET
using Acm.Client.Protocol.Nacos.Push;
#endif

namespace Acm.Client;

/// <summary>Decides, once a connection, which dialect its servers are spoken to in, or that the first call finds out.</summary>
internal static class DialectSelector
{
    /// <summary>What addresses of the servers stand for where they do not say. A server of which nobody says what it is, is looked for where Nacos listens.</summary>
    public static AddressDefaults AddressesOf(AcmServerType type) => type == AcmServerType.Acm ? DiamondProtocol.AddressesOfAcm : NacosProtocol.AddressesOfNacos;

    /// <param name="options">How to connect.</param>
    /// <param name="endpoint">Where to.</param>
    /// <param name="credentials">What proves requests; null for nothing.</param>
    /// <param name="memory">Where what is found out is kept; null for nowhere.</param>
    /// <param name="clock">Source of time.</param>
    /// <exception cref="ArgumentException">The dialect does not go with the other options.</exception>
    public static Dialect Select(AcmClientOptions options, EndpointAddress endpoint, AcmCredentialSource? credentials, ServerMemory? memory, TimeProvider clock)
    {
        if (options is { ServerType: AcmServerType.Auto, Direct: false }) throw new ArgumentException("The server type cannot be detected through an address server: specify the server type, or the servers themselves (Direct).", nameof(options));

        var tls = TlsVerification.From(options, endpoint);
        var http = new HttpExchange(tls, options.ClientCertificate, ProxyRoute.From(options.Proxy));
        return options.ServerType switch
        {
            AcmServerType.Acm => Acm(http, options, credentials, clock),
            AcmServerType.Nacos => Nacos(NacosLinks(), tls, options, clock),
            _ => Auto(),
        };

        NacosLinks NacosLinks() => new(http, options, credentials, clock);

        Dialect Auto()
        {
            NacosLinks nacos = NacosLinks();
            Dialect ofNacos = Nacos(nacos, tls, options, clock);
            var auto = new AutoDialect(Acm(http, options, credentials, clock), ofNacos, nacos, memory);
            return new Dialect(new AutoProtocol(auto), new AutoLinks(auto)) { Auto = auto, Push = ofNacos.Push is null ? null : new AutoPushLinks(auto) };
        }
    }

    private static Dialect Acm(HttpExchange http, AcmClientOptions options, AcmCredentialSource? credentials, TimeProvider clock) =>
        new(new DiamondProtocol(options.AllowUnicodeName, options.AllowEuroSign), DiamondProtocol.Links(http, options.AppName, credentials, clock));

#if NET
    private static Dialect Nacos(NacosLinks links, TlsVerification tls, AcmClientOptions options, TimeProvider clock)
    {
        var push = new NacosPushLinks(links, tls, options.ClientCertificate, options.GrpcPort, options.AppName, clock);
        links.Calls = new NacosPushCalls(push);
        return new Dialect(new NacosProtocol(options.AllowUnicodeName), links) { Push = push };
    }
#else
    // .NET Framework has no HTTP/2 without TLS, which gRPC takes.
    private static Dialect Nacos(NacosLinks links, TlsVerification tls, AcmClientOptions options, TimeProvider clock) => new(new NacosProtocol(options.AllowUnicodeName), links);
#endif
}
