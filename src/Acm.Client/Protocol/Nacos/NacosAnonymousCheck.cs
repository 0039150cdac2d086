using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Checks whether a server allows anonymous reads although users log in: Nacos 3.0 to 3.2 have no authentication for client calls by default.</summary>
internal static class NacosAnonymousCheck
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AccessDenied"/>: anonymous reads are allowed.</exception>
    public static async Task<string> RunAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        WireResponse response = await link.SendAnonymousAsync(NacosRequests.Get(server, @namespace, key), cancellationToken).ConfigureAwait(false);
        if (response.Status is 401 or 403) return "refused, as it should be";

        throw new AcmException(AcmErrorKind.AccessDenied, $"{link.Server} answers reads without a login: anyone who can reach it can read this namespace by name")
        {
            Advice = server.Generation == NacosGeneration.Three
                ? "Turn on authentication (nacos.core.auth.enabled=true). Until then anyone can also publish and remove."
                : "Turn on authentication (nacos.core.auth.enabled=true).",
            IsFinal = true,
        };
    }
}
