using System.Net;
using Acm.Server.Auth;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>One request as the handlers see it.</summary>
internal sealed class Call(HttpContext context, FormFields form)
{
    public FormFields Form { get; } = form;

    public IHeaderDictionary Headers => context.Request.Headers;

    public HttpRequest Request => context.Request;

    /// <summary>Fires when the client closed its connection.</summary>
    public CancellationToken ClientGone => context.RequestAborted;

    public IPAddress ClientAddress { get; } = Address(context.Connection.RemoteIpAddress);

    public string Method => Form.TextOrBlank("method");

    public string Tenant => Form.TextOrBlank("tenant");

    public Claim Claim => Claim.Of(Headers);

    /// <summary>A blank group is the default one where the protocol reads, and an error where it writes.</summary>
    public ConfigKey Key(bool defaultGroup)
    {
        string group = Form.TextOrBlank("group");
        if (defaultGroup && string.IsNullOrWhiteSpace(group)) group = NameRules.DefaultGroup;
        return new ConfigKey(Tenant, group, Form.TextOrBlank("dataId"));
    }

    private static IPAddress Address(IPAddress? address) =>
        address is null ? IPAddress.None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
