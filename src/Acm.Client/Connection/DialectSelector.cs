using Acm.Client.Http;
using Acm.Client.Protocol.Diamond;

namespace Acm.Client;

/// <summary>Decides, once a connection, which dialect its servers are spoken to in.</summary>
internal static class DialectSelector
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: this version does not speak the dialect that was asked for.</exception>
    public static Dialect Select(AcmClientOptions options, EndpointAddress endpoint, AcmCredentialSource? credentials, TimeProvider clock)
    {
        if (options.ServerType == AcmServerType.Nacos)
        {
            throw new AcmException(AcmErrorKind.CapabilityMissing, $"Cannot connect to '{options.Endpoint}' as a Nacos server: this version speaks the ACM protocol only.")
            {
                Advice = "Connect to an ACM server.",
                IsFinal = true,
            };
        }

        var http = new HttpExchange(TlsVerification.From(options, endpoint), options.ClientCertificate, ProxyRoute.From(options.Proxy));
        return new Dialect(new DiamondProtocol(options.AllowUnicodeName, options.AllowEuroSign), DiamondProtocol.Links(http, options.AppName, credentials, clock));
    }
}
