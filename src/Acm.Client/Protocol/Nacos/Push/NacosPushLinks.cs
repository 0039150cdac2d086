using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>Connects to Nacos servers of version 2 and later over gRPC. Who asks and what the server is, is found out over HTTP.</summary>
internal sealed class NacosPushLinks : IPushLinks
{
    /// <summary>Where gRPC is, beside the port for HTTP.</summary>
    private const int Offset = 1000;

    private readonly NacosLinks _links;
    private readonly TlsVerification _tls;
    private readonly X509Certificate2? _clientCertificate;
    private readonly int? _port;
    private readonly string _appName;
    private readonly TimeProvider _clock;

    /// <param name="links">The ways to the servers over HTTP.</param>
    /// <param name="tls">Which certificates are trusted.</param>
    /// <param name="clientCertificate">What is shown to a server that asks for a certificate; null for none.</param>
    /// <param name="port">The port; null for that of HTTP plus 1000.</param>
    /// <param name="appName">What this application calls itself.</param>
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
        // A proxy for HTTP splits a stream, or holds it back.
        if (_links.ProxyFor(server) is { } proxy) throw Missing($"{server} is reached through the proxy '{proxy}', which does not support gRPC.");

        (NacosLink http, NacosServer facts) = await FindAsync(server, log, cancellationToken).ConfigureAwait(false);
        if (facts.Generation == NacosGeneration.One) throw Missing($"{server} runs Nacos version {facts.Version}, which does not push.");

        int port = _port ?? (server.Port + Offset);
        if (port > ushort.MaxValue) throw Missing($"{server} has no gRPC port: {port.ToString(CultureInfo.InvariantCulture)} is not a port.");

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

    /// <summary>The way to the server over HTTP, and what the server is.</summary>
    private async Task<(NacosLink Http, NacosServer Facts)> FindAsync(ServerAddress server, CallLog log, CancellationToken cancellationToken)
    {
        try
        {
            return await _clock.WithinAsync(NacosPushLink.CallTimeout, async (server, token) =>
            {
                var http = (NacosLink)_links.Open(server, await _links.GetProofAsync(token).ConfigureAwait(false), log);
                return (http, await http.FindServerAsync(token).ConfigureAwait(false));
            }, server, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeLimitException e)
        {
            throw NacosPushErrors.TimedOut(server, NacosPushLink.CallTimeout, e);
        }
    }

    private static AcmException Missing(string why) => new(AcmErrorKind.CapabilityMissing, why) { Advice = "Watch by long polling, or by comparing at an interval.", IsFinal = true };
}
