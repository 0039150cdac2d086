using System.Net;
#if NET
using System.Net.Security;
#endif
using System.Security.Cryptography.X509Certificates;

namespace Acm.Client.Http;

/// <summary>
/// The connections of a session: pooled, kept alive, as many at once as calls need, without cookies, redirects (a server never sends one, a login
/// page does) or decompression.
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
    /// <summary>A handler for one connection of HTTP/2 that lasts, to a server that is reached directly.</summary>
    /// <param name="clientCertificate">What is shown to a server that asks for a certificate; null for none.</param>
    /// <param name="tls">Which certificates are trusted.</param>
    /// <param name="connectTimeout">How long it may take to connect.</param>
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
