using System.Globalization;
using System.Net;
using Acm.Server.Auth;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>An HTTP request, parsed for the handlers.</summary>
internal sealed class NacosCall(HttpContext context, Generation generation, string path, string below, Parameters parameters, ReadOnlyMemory<byte> body, IReadOnlyCollection<IPAddress> trustedProxies) : ICaller
{
    // NamespaceUtil.processNamespaceParameter in Nacos 1.4.
    private static readonly string[] OldPublicNames = ["public", "null"];

    public HttpRequest Request => context.Request;

    public IHeaderDictionary Headers => context.Request.Headers;

    /// <summary>Gets the path as sent, with the context path and without the query.</summary>
    public string Path { get; } = path;

    /// <summary>Gets the parameters of the query and the form.</summary>
    public Parameters Parameters { get; } = parameters;

    /// <summary>Gets the body unless it is a form. It is valid until the handler returns.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; } = body;

    /// <summary>Gets the path below the context path.</summary>
    public string Below { get; } = below;

    /// <summary>Gets or sets the route; set before any handler runs.</summary>
    public Route Route { get; set; } = null!;

    /// <summary>Gets the namespace as the client wrote it; null if it wrote none.</summary>
    public string? Namespace => Parameters[Route.NamespaceParameter];

    /// <summary>Gets the namespace as it is stored; empty for the public one. Handlers, permissions and rate limits all use this property, so that they agree.</summary>
    public string Tenant => TenantOf(Namespace);

    /// <summary>Gets the group; null if the call does not name one.</summary>
    public string? Group => Parameters[Route.GroupParameter];

    /// <summary>Gets whether the body exceeds the limit and was not read.</summary>
    public bool IsBodyTooLarge { get; init; }

    public string? User { get; set; }

    public UserEntry? Caller { get; set; }

    public string? AccessKey { get; set; }

    public CancellationToken ClientGone => context.RequestAborted;

    /// <summary>Gets or sets the action that returns the request's buffer before the call ends. <see cref="Body"/> must not be used afterwards.</summary>
    public Action ReleaseBody { get; set; } = static () => { };

    /// <summary>Gets the client's address; behind a trusted proxy, the forwarded address.</summary>
    public IPAddress Address => field ??= FindClientAddress();

    public string ClientAddress => field ??= Address.ToString();

    public string? this[string name] => Parameters[name];

    /// <summary>Returns a parameter.</summary>
    /// <exception cref="FaultException">The parameter is missing.</exception>
    public string Required(string name) => Parameters[name] ?? throw FaultException.Missing(name);

    /// <summary>Returns a parameter that must not be blank.</summary>
    /// <exception cref="FaultException">The parameter is missing or blank.</exception>
    public string NotBlank(string name) => this[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw FaultException.Missing(name);

    /// <summary>Returns a namespace as it is stored. Nacos 1 accepts more names for the public namespace.</summary>
    public string TenantOf(string? id) => generation == Generation.One && OldPublicNames.Contains(id, StringComparer.OrdinalIgnoreCase) ? "" : ConfigOperations.Tenant(id);

    /// <summary>Returns the namespace as it is stored.</summary>
    /// <exception cref="FaultException">The call does not name a namespace.</exception>
    public string RequiredTenant() => TenantOf(Required(Route.NamespaceParameter));

    public string TextOrBlank(string name) => Parameters[name] ?? "";

    /// <summary>Returns a parameter as a number; null if it is absent or empty.</summary>
    /// <exception cref="FaultException">The parameter is not a number.</exception>
    public long? Number(string name)
    {
        if (Parameters[name] is not { Length: > 0 } text) return null;

        return long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FaultException(Fault.WrongType, $"Failed to convert value of type 'java.lang.String' to required type 'long'; For input string: \"{text}\"");
    }

    /// <summary>Returns a parameter as a number.</summary>
    /// <exception cref="FaultException">The parameter is missing or not a number.</exception>
    public long RequiredNumber(string name) => Number(name) ?? throw FaultException.Missing(name);

    /// <summary>Returns a header; empty if it is absent.</summary>
    public string Header(string name) => Headers[name].ToString();

    /// <summary>Returns whether the caller may read a namespace; true if no login was required.</summary>
    public bool MayRead(string tenant) => Caller?.Allows(isWrite: false, tenant) != false;

    /// <summary>Checks the permission for a configuration that the call addresses by ID instead of by namespace.</summary>
    /// <exception cref="FaultException">The user lacks the permission for the namespace.</exception>
    public void CheckAccess(bool isWrite, string tenant)
    {
        if (Caller?.Allows(isWrite, tenant) == false) throw new FaultException(Fault.AccessDenied, "authorization failed!");
    }

    private IPAddress FindClientAddress()
    {
        IPAddress peer = RequestHost.Unmap(context.Connection.RemoteIpAddress);
        if (!trustedProxies.Contains(peer)) return peer;

        string forwarded = Header("X-Forwarded-For");
        if (string.IsNullOrWhiteSpace(forwarded)) return IPAddress.TryParse(Header("X-Real-IP").Trim(), out IPAddress? real) ? RequestHost.Unmap(real) : peer;

        // Each proxy appends the address of its peer. Entries before the last untrusted address may be forged by the client.
        foreach (string entry in forwarded.Split(',').Reverse())
        {
            if (!IPAddress.TryParse(entry.Trim(), out IPAddress? address)) return peer;
            if (!trustedProxies.Contains(RequestHost.Unmap(address))) return RequestHost.Unmap(address);
        }

        return peer;
    }
}
