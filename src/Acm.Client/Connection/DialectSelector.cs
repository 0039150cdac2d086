using Acm.Client.Http;
using Acm.Client.Local;
using Acm.Client.Protocol.Diamond;
using Acm.Client.Protocol.Nacos;
#if NET
using Acm.Client.Protocol.Nacos.Push;
#endif

namespace Acm.Client;

/// <summary>Selects the dialect of a connection, or its detection by the first call.</summary>
internal static class DialectSelector
{
    /// <summary>Returns the defaults of server addresses. Without a server type, those of Nacos apply.</summary>
    public static AddressDefaults AddressesOf(AcmServerType type) => type == AcmServerType.Acm ? DiamondProtocol.AddressesOfAcm : NacosProtocol.AddressesOfNacos;

    /// <param name="options">The connection options.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="credentials">The credentials; null for anonymous access.</param>
    /// <param name="memory">Stores what is detected; null for none.</param>
    /// <param name="clock">Source of time.</param>
    /// <exception cref="ArgumentException">The server type does not go with the other options.</exception>
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
    // .NET Framework does not support HTTP/2 without TLS, which gRPC needs.
    private static Dialect Nacos(NacosLinks links, TlsVerification tls, AcmClientOptions options, TimeProvider clock) => new(new NacosProtocol(options.AllowUnicodeName), links) { WhyNoPush = "gRPC needs PowerShell 7." };
#endif
}
