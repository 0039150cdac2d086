using System.Globalization;
using System.Net;

namespace Acm.Server.Options;

/// <summary>
/// An address of <c>--urls</c>: scheme, IP address and port; port 0 means a free port. Without an IP address it is every address
/// of this machine, including IPv6 if the system supports it.
/// </summary>
internal sealed record ListenAddress(bool IsTls, IPAddress? Address, int Port)
{
    public bool IsLoopback => Address is not null && IPAddress.IsLoopback(Address);

    /// <summary>Parses an address.</summary>
    /// <exception cref="OptionsException">The address is invalid.</exception>
    public static ListenAddress Parse(string url)
    {
        bool isTls = url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) throw Wrong(url, "it must start with http:// or https://");

        string authority = url[(isTls ? 8 : 7)..].TrimEnd('/');
        int colon = authority.LastIndexOf(':');
        bool hasPort = colon > authority.LastIndexOf(']');
        string host = hasPort ? authority[..colon] : authority;
        int port = isTls ? 443 : 80;
        if (hasPort && !(int.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort))
        {
            throw Wrong(url, "its port is not a number from 0 to 65535");
        }

        return new ListenAddress(isTls, ParseHost(url, host), port);
    }

    private static IPAddress? ParseHost(string url, string host) => host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" or "+" => null,
        _ when IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) => address,
        _ => throw Wrong(url, "its host must be an IP address, localhost, or * for all addresses"),
    };

    private static OptionsException Wrong(string url, string why) => new($"'{url}' is not an address to listen on: {why}.");
}
