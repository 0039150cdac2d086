using System.Security.Cryptography.X509Certificates;
using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>Connects to Nacos servers of version 2 and later over gRPC. The login and the version come over HTTP.</summary>
internal sealed class NacosPushLinks : IPushLinks
{
    /// <summary>From the HTTP port to the gRPC port (nacos-common 2.5.1, GrpcSdkClient).</summary>
    private const int Offset = 1000;

    private readonly NacosLinks _links;
    private readonly TlsVerification _tls;
    private readonly X509Certificate2? _clientCertificate;
    private readonly int? _port;
    private readonly string _appName;
    private readonly TimeProvider _clock;

    /// <param name="links">The ways to the servers over HTTP.</param>
    /// <param name="tls">Which certificates are trusted.</param>
    /// <param name="clientCertificate">The certificate for servers that ask for one; null for none.</param>
    /// <param name="port">The gRPC port; null for the HTTP port plus 1000.</param>
    /// <param name="appName">The name that this application gives itself.</param>
    /// <param name="clock">Source of time.</param>
    public NacosPushLinks(NacosLinks links, TlsVerification tls, X509Certificate2? clientCertificate, int? port, string appName, TimeProvider clock)
    {
        _links = links;
        _tls = tls;
        _clientCertificate = clientCertificate;
        _port = port;
        _appName = appName;
        _clock = clock;
    }

    public async Task<IPushLink> OpenAsync(ServerAddress server, string @namespace, CallLog log, CancellationToken cancellationToken) =>
        await ConnectAsync(server, @namespace, log, cancellationToken).ConfigureAwait(false);

    /// <summary>Connects to a server.</summary>
    /// <exception cref="AcmException">As in <see cref="OpenAsync"/>.</exception>
    public async Task<NacosPushLink> ConnectAsync(ServerAddress server, string @namespace, CallLog log, CancellationToken cancellationToken)
    {
        (NacosLink http, NacosServer facts) = await FindAsync(server, log, cancellationToken).ConfigureAwait(false);
        if (facts.Generation == NacosGeneration.One) throw NacosPushErrors.TooOld(server, facts);

        // HTTP proxies split a stream into several connections, or buffer it.
        if (_links.ProxyFor(server) is { } proxy) throw NacosPushErrors.ThroughProxy(server, proxy);

        int port = _port ?? (server.Port + Offset);
        if (port > ushort.MaxValue) throw NacosPushErrors.NoPort(server, Offset);

        var link = new NacosPushLink(http, new ServerAddress(server.Host, port, server.Tls), @namespace, HttpHandlerFactory.CreateLasting(_clientCertificate, _tls, NacosPushLink.CallTimeout), _appName, _clock);
        try
        {
            await link.SetUpAsync(cancellationToken).ConfigureAwait(false);
            log.Write(AcmLogLevel.Verbose, $"Connected to {link.Server} over gRPC.");
            return link;
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    /// <summary>Returns the way to the server over HTTP, and what the server is.</summary>
    private Task<(NacosLink Http, NacosServer Facts)> FindAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken) =>
        NacosPushErrors.WithinAsync(_clock, server, NacosPushLink.CallTimeout, async token =>
        {
            var http = (NacosLink)_links.Open(server, await _links.GetProofAsync(token).ConfigureAwait(false), log);
            return (http, await http.FindServerAsync(token).ConfigureAwait(false));
        }, cancellationToken, isOverHttp: true);
}
