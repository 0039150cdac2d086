using System.Globalization;
using Acm.Client.Text;

namespace Acm.Client.Http;

/// <summary>Where a server is: host, port, and whether TLS is spoken there. Parsed from <c>host</c>, <c>host:port</c>, <c>[v6]:port</c>, an IPv6 address or an http(s) URI.</summary>
internal sealed record ServerAddress(string Host, int Port, bool Tls)
{
    public const int DefaultPort = 8080;
    public const int DefaultTlsPort = 443;

    /// <summary>Where Nacos listens.</summary>
    public const int DefaultNacosPort = 8848;

    private static readonly char[] Separators = [',', ';', ' ', '\t', '\r', '\n'];

    /// <summary>Host and port as people and logs write them.</summary>
    public string Text { get; } = (Host.Contains(':') ? "[" + Host + "]" : Host) + ":" + Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>Scheme, host and port, without a slash at the end.</summary>
    public string BaseUri => (Tls ? "https://" : "http://") + Text;

    public override string ToString() => Text;

    /// <summary>Every address of a list that is separated by comma, semicolon or white space.</summary>
    public static IReadOnlyList<ServerAddress> ParseList(string text, bool tls, int defaultPort = DefaultPort) =>
        [.. text.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Select(part => Parse(part, tls, defaultPort))];

    /// <summary>One address.</summary>
    /// <exception cref="FormatException">The text is none; the message says why.</exception>
    public static ServerAddress Parse(string text, bool tls, int defaultPort = DefaultPort)
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
                _ => throw new FormatException($"'{ForeignText.Clean(text)}' has the scheme '{ForeignText.Clean(name)}': http and https are known."),
            };
            rest = rest.Substring(scheme + 3).TrimEnd('/');
        }

        (string host, string? port) = Split(rest);
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown || (host.Contains(':') && Uri.CheckHostName(host) != UriHostNameType.IPv6))
        {
            throw new FormatException($"'{ForeignText.Clean(text)}' is no server address: '{ForeignText.Clean(host)}' is no host name or IP address. Write host, host:port or [IPv6]:port.");
        }

        return new ServerAddress(host, ParsePort(text, port, tls ? DefaultTlsPort : defaultPort), tls);
    }

    private static (string Host, string? Port) Split(string text)
    {
        if (text.StartsWith("[", StringComparison.Ordinal))
        {
            int end = text.IndexOf(']');
            string after = text.Substring(end + 1);

            // Left as it is, it is no host name, and the caller says so.
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

        throw new FormatException($"'{ForeignText.Clean(text)}' is no server address: the port '{ForeignText.Clean(port)}' is not a number from 1 to 65535.");
    }
}
