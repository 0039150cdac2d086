using System.Collections.Concurrent;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Links;
using Acm.Client.Protocol;
using Acm.Client.Protocol.Nacos;

namespace Acm.Client;

/// <summary>Checks once per server whether an endpoint that does not answer like ACM is a Nacos server, the most likely mistake.</summary>
/// <param name="links">The links to the servers.</param>
/// <param name="limit">Time-out of the check.</param>
/// <param name="clock">Source of time.</param>
internal sealed class EndpointDiagnosis(IServerLinks links, TimeSpan limit, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);

    /// <summary>Returns a better error; null if the server is not Nacos.</summary>
    public async Task<AcmException?> ExplainAsync(ServerAddress server, AcmException error, CallLog log, CancellationToken cancellationToken)
    {
        if (links.OpenAnonymous(server, log) is not HttpLink link || !_asked.TryAdd(server.Text, true)) return null;

        try
        {
            if (await clock.WithinAsync(limit, NacosDetection.TryFindAsync, link, cancellationToken).ConfigureAwait(false) is not { } nacos) return null;

            // The next failure is to have the same explanation.
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
            log.Write(AcmLogLevel.Verbose, $"Could not determine whether {server} is a Nacos server: {e.Message}");
            return null;
        }
    }
}
