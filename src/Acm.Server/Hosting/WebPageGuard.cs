using System.Net;
using Acm.Server.Http;

namespace Acm.Server.Hosting;

/// <summary>
/// Rejects requests from web pages. A browser sends a page's requests to any reachable address: a form could publish,
/// and a page whose host name resolves to this machine (DNS rebinding) could read. No client of this server is a browser.
/// </summary>
internal sealed class WebPageGuard(IEnumerable<string> allowedHosts)
{
    private static readonly Answer FromWebPage = Answer.Text(403, "requests from web pages are rejected\n");

    private static readonly Answer UnknownHost =
        Answer.Text(403, "the Host header does not name this machine; allow the name with --allowed-host\n");

    private readonly HashSet<string> _allowedHosts = new(allowedHosts.Append(Environment.MachineName), StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the error response; null if the request is allowed.</summary>
    public Answer? Refuse(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (headers.Origin.Count > 0) return FromWebPage;

        // "none" is an address typed by a user; any other value but "same-origin" is a page of another site.
        string site = headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site is not ("none" or "same-origin")) return FromWebPage;

        return IsOverLoopback(context.Connection) && context.Request.Host is { HasValue: true } host && !IsOfThisMachine(host.Host) ? UnknownHost : null;
    }

    private static bool IsOverLoopback(ConnectionInfo connection) => connection.LocalIpAddress is { } local && IPAddress.IsLoopback(local);

    private bool IsOfThisMachine(string host)
    {
        host = host.TrimEnd('.');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address))
            || _allowedHosts.Contains(host);
    }
}
