using Acm.Client.Http;

namespace Acm.Client.Credentials;

/// <summary>The address of the ECS metadata service. It is link-local and plain HTTP, and its traffic does not leave the host.</summary>
internal static class MetadataEndpoint
{
    private static readonly ServerAddress Vendor = new("100.100.100.200", 80, Tls: false);

    /// <exception cref="ArgumentException">The text is not a valid address.</exception>
    public static ServerAddress Parse(string? text)
    {
        if (text is null) return Vendor;

        string uri = text.Contains("://") ? text : "http://" + text;
        if (Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && parsed.Scheme is "http" or "https" && parsed.PathAndQuery == "/" && parsed.UserInfo.Length == 0)
        {
            return new ServerAddress(parsed.Host.Trim('[', ']'), parsed.Port, parsed.Scheme == "https");
        }

        throw new ArgumentException($"The metadata endpoint '{text}' is not valid: use host, host:port or an HTTP URI without a path.");
    }
}
