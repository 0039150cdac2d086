using System.Globalization;
using Acm.Client.Text;

namespace Acm.Client.Http;

/// <summary>
/// The address of a server: host, port, TLS and context path. Parsed from <c>host</c>, <c>host:port</c>, <c>[v6]:port</c>, an IPv6 address or an http(s) URI; all except the bare
/// IPv6 address may be followed by a context path.
/// </summary>
internal sealed record ServerAddress(string Host, int Port, bool Tls)
{
    public const int DefaultTlsPort = 443;

    private static readonly char[] Separators = [',', ';', ' ', '\t', '\r', '\n'];

    /// <summary>Gets host and port for display and logs.</summary>
    public string Text { get; } = (Host.Contains(':') ? "[" + Host + "]" : Host) + ":" + Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Gets the context path with its leading slash; null for the dialect's default.</summary>
    public string? ContextPath { get; init; }

    /// <summary>Gets scheme, host and port, without a trailing slash.</summary>
    public string BaseUri => (Tls ? "https://" : "http://") + Text;

    public override string ToString() => Text;

    /// <summary>Parses a list of addresses separated by commas, semicolons or white space.</summary>
    public static IReadOnlyList<ServerAddress> ParseList(string text, bool tls, AddressDefaults defaults) =>
        [.. text.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Select(part => Parse(part, tls, defaults))];

    /// <summary>Parses one address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="tls">Whether TLS is used if the address has no scheme, or <c>http</c>.</param>
    /// <param name="defaults">The defaults for parts that the address leaves out. If these have no context path, addresses cannot have one.</param>
    /// <exception cref="FormatException">The text is not a valid address; the message says why.</exception>
    public static ServerAddress Parse(string text, bool tls, AddressDefaults defaults)
    {
        string rest = text.Trim();
        int scheme = rest.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            string name = rest.Substring(0, scheme);
            tls = name.ToLowerInvariant() switch
            {
                "https" => true,
                "http" => tls,
                _ => throw new FormatException($"'{ForeignText.Clean(text)}' has the scheme '{ForeignText.Clean(name)}': use http or https."),
            };
            rest = rest.Substring(scheme + 3).TrimEnd('/');
        }

        int slash = defaults.ContextPath.Length == 0 ? -1 : rest.IndexOf('/');
        string? path = slash < 0 ? null : ParsePath(text, rest.Substring(slash));
        (string host, string? port) = Split(slash < 0 ? rest : rest.Substring(0, slash));
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown || (host.Contains(':') && Uri.CheckHostName(host) != UriHostNameType.IPv6))
        {
            throw new FormatException($"'{ForeignText.Clean(text)}' is not a valid server address: '{ForeignText.Clean(host)}' is not a host name or IP address. Use host, host:port or [IPv6]:port.");
        }

        return new ServerAddress(host, ParsePort(text, port, tls ? DefaultTlsPort : defaults.Port), tls) { ContextPath = path == defaults.ContextPath ? null : path };
    }

    /// <summary>Parses a context path of unreserved characters. Servers reject all others, and a query would swallow the path of each request.</summary>
    private static string? ParsePath(string text, string path)
    {
        path = path.TrimEnd('/');
        if (path.Length == 0) return null;

        bool isValid = path.Substring(1).Split('/').All(part => part is not ("" or "." or "..") && part.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.' or '~'));
        return isValid ? path : throw new FormatException($"'{ForeignText.Clean(text)}' is not a valid server address: '{ForeignText.Clean(path)}' is not a context path, such as /nacos.");
    }

    private static (string Host, string? Port) Split(string text)
    {
        if (text.StartsWith("[", StringComparison.Ordinal))
        {
            int end = text.IndexOf(']');
            string after = text.Substring(end + 1);

            // Returned unchanged, it is not a valid host name, which the caller reports.
            if (end < 0 || (after.Length > 0 && after[0] != ':')) return (text, null);
            return after.Length == 0 ? (text.Substring(1, end - 1), null) : (text.Substring(1, end - 1), after.Substring(1));
        }

        int first = text.IndexOf(':');
        int last = text.LastIndexOf(':');

        // Several colons without brackets are an IPv6 address without a port.
        return first < 0 || first != last ? (text, null) : (text.Substring(0, first), text.Substring(first + 1));
    }

    private static int ParsePort(string text, string? port, int defaultPort)
    {
        if (port is null) return defaultPort;
        if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 65535) return number;

        throw new FormatException($"'{ForeignText.Clean(text)}' is not a valid server address: the port '{ForeignText.Clean(port)}' is not a number from 1 to 65535.");
    }
}
