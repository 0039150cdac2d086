using System.Globalization;
using System.Net;
using Acm.Server.Auth;

namespace Acm.Server.Dialects.Nacos;

/// <summary>One request as the handlers see it.</summary>
internal sealed class NacosCall(HttpContext context, Generation generation, string path, string below, Parameters parameters, ReadOnlyMemory<byte> body, IReadOnlyCollection<IPAddress> trustedProxies) : ICaller
{
    // NamespaceUtil.processNamespaceParameter of Nacos 1.4.
    private static readonly string[] OldPublicNames = ["public", "null"];

    public HttpRequest Request => context.Request;

    public IHeaderDictionary Headers => context.Request.Headers;

    /// <summary>As sent, context path and all, without the query.</summary>
    public string Path { get; } = path;

    /// <summary>Of query and form.</summary>
    public Parameters Parameters { get; } = parameters;

    /// <summary>The body, where it is no form; gone once the answer is made.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; } = body;

    /// <summary>The path below the context path.</summary>
    public string Below { get; } = below;

    /// <summary>The call that the request makes; known once it is chosen, and to every handler.</summary>
    public Route Route { get; set; } = null!;

    /// <summary>The namespace as the caller spells it; null where the call names none.</summary>
    public string? Namespace => Parameters[Route.NamespaceParameter];

    /// <summary>The namespace of the call as the store has it; blank for the public one. Handlers, rights and rates ask here, so that they see the same.</summary>
    public string Tenant => TenantOf(Namespace);

    /// <summary>The group of the call; null where it names none.</summary>
    public string? Group => Parameters[Route.GroupParameter];

    /// <summary>The body is larger than any that is read; it is not there.</summary>
    public bool IsBodyTooLarge { get; init; }

    /// <summary>Who sends it, as the login says; null where nobody logged in.</summary>
    public string? User { get; set; }

    /// <summary>The user who logged in; null where nobody had to.</summary>
    public UserEntry? Caller { get; set; }

    /// <summary>The access key whose signature was checked.</summary>
    public string? AccessKey { get; set; }

    /// <summary>Fires when the client closed its connection.</summary>
    public CancellationToken ClientGone => context.RequestAborted;

    /// <summary>Gives the request's buffer back before the call is over; what was read from it must not be used any more.</summary>
    public Action ReleaseBody { get; set; } = static () => { };

    /// <summary>The client's address; that which a trusted proxy forwards, where one does.</summary>
    public IPAddress Address => field ??= FindClientAddress();

    /// <summary>The same as text.</summary>
    public string ClientAddress => field ??= Address.ToString();

    public string? this[string name] => Parameters[name];

    /// <exception cref="FaultException">It is not there.</exception>
    public string Required(string name) => Parameters[name] ?? throw FaultException.Missing(name);

    /// <summary>A namespace that the call names elsewhere, as the store has it. The first generation has more spellings of the public one.</summary>
    public string TenantOf(string? id) => generation == Generation.One && OldPublicNames.Contains(id, StringComparer.OrdinalIgnoreCase) ? "" : ConfigOperations.Tenant(id);

    /// <exception cref="FaultException">The call names no namespace.</exception>
    public string RequiredTenant() => TenantOf(Required(Route.NamespaceParameter));

    /// <summary>Blank where it is absent: the two mean the same.</summary>
    public string TextOrBlank(string name) => Parameters[name] ?? "";

    /// <exception cref="FaultException">It is no number.</exception>
    public long? Number(string name)
    {
        if (Parameters[name] is not { Length: > 0 } text) return null;

        return long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FaultException(Fault.WrongType, $"Failed to convert value of type 'java.lang.String' to required type 'long'; For input string: \"{text}\"");
    }

    /// <exception cref="FaultException">It is not there, or no number.</exception>
    public long RequiredNumber(string name) => Number(name) ?? throw FaultException.Missing(name);

    /// <summary>A header; blank where it is absent.</summary>
    public string Header(string name) => Headers[name].ToString();

    /// <summary>For lists over several namespaces. Who needed no login sees them all.</summary>
    public bool MayRead(string tenant) => Caller?.Allows(isWrite: false, tenant) != false;

    /// <summary>For what a call reaches by an id, whose namespace its parameters do not tell.</summary>
    /// <exception cref="FaultException">The user has no right to that namespace.</exception>
    public void CheckAccess(bool isWrite, string tenant)
    {
        if (Caller?.Allows(isWrite, tenant) == false) throw new FaultException(Fault.AccessDenied, "authorization failed!");
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private IPAddress FindClientAddress()
    {
        IPAddress peer = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (!trustedProxies.Contains(peer)) return peer;

        string forwarded = Header("X-Forwarded-For");
        if (string.IsNullOrWhiteSpace(forwarded)) return IPAddress.TryParse(Header("X-Real-IP").Trim(), out IPAddress? real) ? Plain(real) : peer;

        // Each proxy adds whom it heard from at the end; what is before the first that nobody trusts, the client may have written itself.
        foreach (string entry in forwarded.Split(',').Reverse())
        {
            if (!IPAddress.TryParse(entry.Trim(), out IPAddress? address)) return peer;
            if (!trustedProxies.Contains(Plain(address))) return Plain(address);
        }

        return peer;
    }
}
