using System.Collections.Concurrent;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;
using Acm.Client.Protocol;
using Acm.Client.Protocol.Nacos;

namespace Acm.Client;

/// <summary>Looks whether an endpoint that does not answer as ACM does is a Nacos server, once a server: that is what most who take the one for the other connect to.</summary>
/// <param name="links">The ways to servers.</param>
/// <param name="limit">How long it may take.</param>
/// <param name="clock">Source of time.</param>
internal sealed class EndpointDiagnosis(IServerLinks links, TimeSpan limit, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);

    /// <summary>The error that tells more; null where there is no more to tell.</summary>
    public async Task<AcmException?> ExplainAsync(ServerAddress server, AcmException error, CallLog log, CancellationToken cancellationToken)
    {
        if (links.OpenAnonymous(server, log) is not HttpLink link || !_asked.TryAdd(server.Text, true)) return null;

        try
        {
            if (await clock.WithinAsync(limit, NacosDetection.TryFindAsync, link, cancellationToken).ConfigureAwait(false) is not { } nacos) return null;

            // It will be asked again, and told again.
            _asked.TryRemove(server.Text, out _);
            return new AcmException(AcmErrorKind.CapabilityMissing, $"{server} is a Nacos server (version {nacos.Version}), but this connection expects ACM.", error)
            {
                Key = error.Key,
                Advice = "Connect to it as a Nacos server.",
                Option = nameof(AcmClientOptions.Endpoint),
                IsFinal = true,
            };
        }
        catch (Exception e) when (e is AcmException or TimeLimitException)
        {
            log.Write(AcmLogLevel.Verbose, $"Whether {server} is a Nacos server could not be determined: {e.Message}");
            return null;
        }
    }
}
