using System.Net;
using Acm.Server.Auth;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The caller of an HTTP or gRPC call, and the credentials in the call.</summary>
internal interface ICaller
{
    /// <summary>Gets the headers of the call.</summary>
    IHeaderDictionary Headers { get; }

    /// <summary>Gets the client's address.</summary>
    IPAddress Address { get; }

    /// <summary>Gets the client's address as text.</summary>
    string ClientAddress { get; }

    /// <summary>Gets or sets the name of the logged-in user; null without a login.</summary>
    string? User { get; set; }

    /// <summary>Gets or sets the logged-in user; null if no login was required.</summary>
    UserEntry? Caller { get; set; }

    /// <summary>Gets or sets the access key of a valid signature; null without one.</summary>
    string? AccessKey { get; set; }

    /// <summary>Gets a token that is canceled when the client closes its connection.</summary>
    CancellationToken ClientGone { get; }

    /// <summary>Returns a parameter; empty if it is absent, or if the transport has no parameters.</summary>
    string TextOrBlank(string name);
}
