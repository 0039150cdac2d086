using System.Net;

namespace Acm.Client;

/// <summary>
/// The proxy of a connection, for servers, STS and KMS. Loopback addresses and the ECS metadata service never use a proxy.
/// </summary>
public sealed class AcmProxyOptions
{
    /// <summary>Gets the address, such as <c>http://proxy.example.com:3128</c>; null for the proxy of the environment or the system.</summary>
    public Uri? Address { get; init; }

    /// <summary>Gets the credentials for the proxy; null for those of the environment or the address.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>Gets whether no proxy is used, regardless of the environment.</summary>
    public bool IsDisabled { get; init; }
}
