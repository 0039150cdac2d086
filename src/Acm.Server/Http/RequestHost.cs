using System.Net;

namespace Acm.Server.Http;

/// <summary>The addresses of a request.</summary>
internal static class RequestHost
{
    /// <summary>Returns an IPv4 address that is mapped to IPv6 as IPv4.</summary>
    public static IPAddress Unmap(IPAddress? address) => address switch
    {
        null => IPAddress.None,
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        _ => address,
    };

    /// <summary>Returns the host and port of this server as used by the client, for server lists. Without a port, clients would use another default.</summary>
    public static string Of(HttpRequest request)
    {
        int defaultPort = request.IsHttps ? 443 : 80;
        if (request.Host.HasValue) return $"{request.Host.Host}:{request.Host.Port ?? defaultPort}";

        return new IPEndPoint(request.HttpContext.Connection.LocalIpAddress ?? IPAddress.Loopback, request.HttpContext.Connection.LocalPort).ToString();
    }
}
