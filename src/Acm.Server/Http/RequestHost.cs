using System.Net;

namespace Acm.Server.Http;

/// <summary>Determines the address by which a client reached this server, for server lists.</summary>
internal static class RequestHost
{
    /// <summary>Returns host and port; without a port, clients would use another default.</summary>
    public static string Of(HttpRequest request)
    {
        int defaultPort = request.IsHttps ? 443 : 80;
        if (request.Host.HasValue) return $"{request.Host.Host}:{request.Host.Port ?? defaultPort}";

        return new IPEndPoint(request.HttpContext.Connection.LocalIpAddress ?? IPAddress.Loopback, request.HttpContext.Connection.LocalPort).ToString();
    }
}
