using System.Net;
#if NET
using System.Net.Security;
#endif
using System.Security.Cryptography.X509Certificates;

namespace Acm.Client.Http;

/// <summary>
/// Creates HTTP handlers: pooled connections without a limit on their number, and no cookies, redirects (only login pages send them) or decompression.
/// </summary>
internal static class HttpHandlerFactory
{
    public static HttpMessageHandler Create(X509Certificate2? clientCertificate, TlsVerification tls, ProxyRoute proxy)
    {
#if NET
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !proxy.IsDisabled,
            Proxy = proxy.IsDisabled ? null : proxy,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            MaxConnectionsPerServer = int.MaxValue,
        };
        Secure(handler, clientCertificate, tls);
        return handler;
#else
        var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !proxy.IsDisabled,
            Proxy = proxy.IsDisabled ? null : proxy,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = int.MaxValue,
            ServerCertificateCustomValidationCallback = (request, certificate, chain, errors) =>
                tls.Check(request.RequestUri!.Host.Trim('[', ']'), certificate, chain, errors),
        };
        if (clientCertificate is { } own) handler.ClientCertificates.Add(own);
        return handler;
#endif
    }

#if NET
    /// <summary>Creates a handler for one long-lived HTTP/2 connection without a proxy.</summary>
    /// <param name="clientCertificate">The client certificate; null for none.</param>
    /// <param name="tls">Verifies server certificates.</param>
    /// <param name="connectTimeout">Time-out of connecting.</param>
    public static SocketsHttpHandler CreateLasting(X509Certificate2? clientCertificate, TlsVerification tls, TimeSpan connectTimeout)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = connectTimeout,
            EnableMultipleHttp2Connections = false,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        Secure(handler, clientCertificate, tls);
        return handler;
    }

    private static void Secure(SocketsHttpHandler handler, X509Certificate2? clientCertificate, TlsVerification tls)
    {
        handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            tls.Check(((SslStream)sender).TargetHostName, certificate as X509Certificate2, chain, errors);
        if (clientCertificate is { } own) handler.SslOptions.ClientCertificates = [own];
    }
#endif
}
