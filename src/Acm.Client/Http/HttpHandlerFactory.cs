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
        handler.SslOptions.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
            tls.Check(((SslStream)sender).TargetHostName, certificate as X509Certificate2, chain, errors);
        if (clientCertificate is { } own) handler.SslOptions.ClientCertificates = [own];
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
}
