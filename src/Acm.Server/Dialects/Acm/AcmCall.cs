using System.Net;
using Acm.Server.Auth;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>A request, parsed for the handlers.</summary>
internal sealed class AcmCall(HttpContext context, FormFields form)
{
    public FormFields Form { get; } = form;

    public IHeaderDictionary Headers => context.Request.Headers;

    public HttpRequest Request => context.Request;

    /// <summary>Gets a token that is canceled when the client closes its connection.</summary>
    public CancellationToken ClientGone => context.RequestAborted;

    public IPAddress ClientAddress { get; } = RequestHost.Unmap(context.Connection.RemoteIpAddress);

    public string Method => Form.TextOrBlank("method");

    public string Tenant => Form.TextOrBlank("tenant");

    public Claim Claim => Claim.Of(Headers);

    /// <summary>Returns the key of the request. A blank group means the default group in reads, and is an error in writes.</summary>
    public ConfigKey Key(bool defaultGroup)
    {
        string group = Form.TextOrBlank("group");
        if (defaultGroup && string.IsNullOrWhiteSpace(group)) group = NameRules.DefaultGroup;
        return new ConfigKey(Tenant, group, Form.TextOrBlank("dataId"));
    }
}
