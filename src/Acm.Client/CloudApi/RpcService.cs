using Acm.Client.Http;

namespace Acm.Client.CloudApi;

/// <summary>An RPC service of Alibaba Cloud: its display name, API version and address.</summary>
internal sealed record RpcService(string Name, string Version, ServerAddress Address)
{
    /// <summary>Parses <c>host</c>, <c>host:port</c> or an https URI. These services receive secrets, so plain HTTP is not accepted.</summary>
    /// <exception cref="ArgumentException">The text is not a valid address, or uses plain HTTP.</exception>
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
