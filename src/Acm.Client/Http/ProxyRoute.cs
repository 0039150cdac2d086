using System.Net;

namespace Acm.Client.Http;

/// <summary>Selects the proxy of a request: the one in the options, otherwise that of the environment or the system. Loopback addresses never use a proxy.</summary>
internal sealed class ProxyRoute : IWebProxy
{
    private const string LocalDomain = ".localhost";

    private readonly IWebProxy? _given;
    private readonly ICredentials? _credentials;

    private ProxyRoute(IWebProxy? given, ICredentials? credentials, bool isDisabled)
    {
        _given = given;
        _credentials = credentials;
        IsDisabled = isDisabled;
    }

    /// <summary>Gets the route that uses the proxy of the environment or the system.</summary>
    public static ProxyRoute Environment { get; } = new(given: null, credentials: null, isDisabled: false);

    /// <summary>Gets the route without a proxy.</summary>
    public static ProxyRoute Direct { get; } = new(given: null, credentials: null, isDisabled: true);

    /// <summary>Gets whether no server uses a proxy.</summary>
    public bool IsDisabled { get; }

    public ICredentials? Credentials
    {
        get => _credentials ?? Chosen?.Credentials;
        set => throw new NotSupportedException();
    }

    // Read for each request: a process may set it after the connection was created.
    private IWebProxy? Chosen => _given ??
#if NET
        HttpClient.DefaultProxy;
#else
        WebRequest.DefaultWebProxy;
#endif

    /// <exception cref="ArgumentException">The address is not a valid proxy address.</exception>
    public static ProxyRoute From(AcmProxyOptions? options)
    {
        if (options is null) return Environment;

        if (options.IsDisabled)
        {
            return options is { Address: null, Credential: null } ? Direct : throw new ArgumentException("The proxy is disabled, but an address or a credential is specified.", nameof(options));
        }

        if (options.Address is not { } address) return new ProxyRoute(given: null, options.Credential, isDisabled: false);

        if (!address.IsAbsoluteUri || address.Host.Length == 0 || !IsKnown(address.Scheme))
            throw new ArgumentException($"The proxy '{WithoutUser(address)}' is not a valid proxy address; expected http://host:port.", nameof(options));

        return new ProxyRoute(new WebProxy(address), options.Credential ?? CredentialIn(address), isDisabled: false);
    }

    /// <summary>Returns the proxy for a server as scheme, host and port; null if it is reached directly.</summary>
    public string? For(ServerAddress server)
    {
        var target = new Uri(server.BaseUri);
        if (IsBypassed(target)) return null;

        Uri? through = Chosen!.GetProxy(target);
        return through is null || through == target ? null : $"{through.Scheme}://{through.Authority}";
    }

    public Uri GetProxy(Uri destination) => IsBypassed(destination) ? destination : Chosen!.GetProxy(destination) ?? destination;

    public bool IsBypassed(Uri host) =>
        IsDisabled || host.IsLoopback || host.Host.EndsWith(LocalDomain, StringComparison.OrdinalIgnoreCase) || Chosen is not { } proxy || proxy.IsBypassed(host);

    private static bool IsKnown(string scheme) => scheme is "http"
#if NET
        or "https" or "socks4" or "socks4a" or "socks5"
#endif
        ;

    private static string WithoutUser(Uri address) => address.IsAbsoluteUri ? address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) : address.OriginalString;

    private static NetworkCredential? CredentialIn(Uri address)
    {
        if (address.UserInfo.Length == 0) return null;

        int colon = address.UserInfo.IndexOf(':');
        string user = colon < 0 ? address.UserInfo : address.UserInfo.Substring(0, colon);
        return new NetworkCredential(Uri.UnescapeDataString(user), colon < 0 ? "" : Uri.UnescapeDataString(address.UserInfo.Substring(colon + 1)));
    }
}
