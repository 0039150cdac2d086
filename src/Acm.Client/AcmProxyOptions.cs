using System.Net;

namespace Acm.Client;

/// <summary>
/// The proxy of a connection, for its servers, STS and KMS alike. Servers on this machine and the metadata service of ECS are always reached without one.
/// </summary>
public sealed class AcmProxyOptions
{
    /// <summary>Address of the proxy, such as <c>http://proxy.example.com:3128</c>; null for the one that the environment or the system names.</summary>
    public Uri? Address { get; init; }

    /// <summary>What the proxy asks for; null for what the environment or the address gives, or nothing.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>Use no proxy, whatever the environment says.</summary>
    public bool IsDisabled { get; init; }
}
