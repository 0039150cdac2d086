using System.Net;
using Acm.Server.Auth;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Who makes a call, over whichever transport, and what the call carries to prove it.</summary>
internal interface ICaller
{
    /// <summary>The headers of the call.</summary>
    IHeaderDictionary Headers { get; }

    /// <summary>The client's address.</summary>
    IPAddress Address { get; }

    /// <summary>The same as text.</summary>
    string ClientAddress { get; }

    /// <summary>Who sends it, as the login says; null where nobody logged in.</summary>
    string? User { get; set; }

    /// <summary>The user who logged in; null where nobody had to.</summary>
    UserEntry? Caller { get; set; }

    /// <summary>The access key whose signature was checked.</summary>
    string? AccessKey { get; set; }

    /// <summary>Fires when the client closed its connection.</summary>
    CancellationToken ClientGone { get; }

    /// <summary>A parameter; blank where it is absent, or the transport has none.</summary>
    string TextOrBlank(string name);
}
