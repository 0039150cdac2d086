using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Whether a server lets somebody read who is not logged in, although others do log in: authentication is off there for the calls of clients, as 3.0 to 3.2 come.</summary>
internal static class NacosAnonymousCheck
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AccessDenied"/>: it does.</exception>
    public static async Task<string> RunAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, CancellationToken cancellationToken)
    {
        WireResponse response = await link.SendAnonymousAsync(NacosRequests.Get(server, @namespace, key), cancellationToken).ConfigureAwait(false);
        if (response.Status is 401 or 403) return "refused, as it should be";

        throw new AcmException(AcmErrorKind.AccessDenied, $"{link.Server} answers a read without a login: everybody who reaches it reads this namespace by name")
        {
            Advice = server.Generation == NacosGeneration.Three
                ? "Turn authentication on (nacos.core.auth.enabled=true). Until then everybody may publish and remove as well."
                : "Turn authentication on (nacos.core.auth.enabled=true).",
            IsFinal = true,
        };
    }
}
