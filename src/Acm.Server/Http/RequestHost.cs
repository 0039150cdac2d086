using System.Net;

namespace Acm.Server.Http;

/// <summary>How a client reached this server, for lists of servers that name this one.</summary>
internal static class RequestHost
{
    /// <summary>Always with a port: clients take another one where a line has none.</summary>
    public static string Of(HttpRequest request)
    {
        int defaultPort = request.IsHttps ? 443 : 80;
        if (request.Host.HasValue) return $"{request.Host.Host}:{request.Host.Port ?? defaultPort}";

        return new IPEndPoint(request.HttpContext.Connection.LocalIpAddress ?? IPAddress.Loopback, request.HttpContext.Connection.LocalPort).ToString();
    }
}
