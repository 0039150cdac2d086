using System.Net;
using Acm.Server.Http;

namespace Acm.Server.Hosting;

/// <summary>
/// Keeps web pages out, whatever the route. A browser sends a page's requests to any address its user can reach: a form publishes,
/// and a page whose host name is pointed at this machine (DNS rebinding) reads. No client of this server is a browser.
/// </summary>
internal sealed class WebPageGuard(IEnumerable<string> allowedHosts)
{
    private static readonly Answer FromWebPage = Answer.Text(403, "requests of web pages are not served\n");

    private static readonly Answer UnknownHost =
        Answer.Text(403, "the Host header is not a name of this machine: start the server with --allowed-host to serve that name\n");

    private readonly HashSet<string> _allowedHosts = new(allowedHosts.Append(Environment.MachineName), StringComparer.OrdinalIgnoreCase);

    /// <summary>The refusal, or null where the request may pass.</summary>
    public Answer? Refuse(HttpContext context)
    {
        IHeaderDictionary headers = context.Request.Headers;
        if (headers.Origin.Count > 0) return FromWebPage;

        // "none" is an address that a person typed in; anything but "same-origin" is another site's page.
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
