using System.Net;
#if NET
using System.Net.Security;
#endif
using System.Security.Cryptography.X509Certificates;

namespace Acm.Client.Http;

/// <summary>
/// The connections of a session: pooled, kept alive, as many at once as calls need, without cookies, redirects (a server never sends one, a login
/// page does) or decompression. A proxy comes from the environment, as the framework reads it.
/// </summary>
internal static class HttpHandlerFactory
{
    /// <summary>The proxy that the environment names for a server, as scheme, host and port; null where it is reached directly.</summary>
    public static string? ProxyFor(ServerAddress server)
    {
        var target = new Uri(server.BaseUri);
#if NET
        IWebProxy? proxy = HttpClient.DefaultProxy;
#else
        IWebProxy? proxy = WebRequest.DefaultWebProxy;
#endif
        if (proxy is null || proxy.IsBypassed(target)) return null;
        Uri? through = proxy.GetProxy(target);

        // Authority leaves out user and password, which are part of the variable.
        return through is null || through == target ? null : $"{through.Scheme}://{through.Authority}";
    }

    public static HttpMessageHandler Create(X509Certificate2? clientCertificate, TlsVerification tls, bool useProxy)
    {
#if NET
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = useProxy,
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
            UseProxy = useProxy,
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
