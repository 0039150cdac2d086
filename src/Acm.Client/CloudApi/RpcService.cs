using Acm.Client.Http;

namespace Acm.Client.CloudApi;

/// <summary>One of Alibaba Cloud's RPC services: what errors and logs call it, the date of its API, where it is.</summary>
internal sealed record RpcService(string Name, string Version, ServerAddress Address)
{
    /// <summary>An address given as <c>host</c>, <c>host:port</c> or an https URI. These services get secrets, so that there is no way without TLS.</summary>
    /// <exception cref="ArgumentException">The text is no address, or asks for plain http.</exception>
    public static ServerAddress ParseAddress(string name, string text)
    {
        if (text.TrimStart().StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"The {name} endpoint '{text}' uses plain HTTP. {name} requires TLS: use https://, or the host alone.");
        }

        try
        {
            return ServerAddress.Parse(text, tls: true, AddressDefaults.None);
        }
        catch (FormatException e)
        {
            throw new ArgumentException($"The {name} endpoint is not valid: {e.Message}", e);
        }
    }
}
