using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>A dialect, and the links to its servers.</summary>
/// <param name="Protocol">Creates operations.</param>
/// <param name="Links">Opens the links that operations use; the connection disposes them.</param>
internal sealed record Dialect(IConfigProtocol Protocol, IServerLinks Links)
{
    /// <summary>Gets the detection between two dialects; null if the dialect is specified.</summary>
    public AutoDialect? Auto { get; init; }

    /// <summary>Gets the push connections; null if the servers or this target framework do not support them.</summary>
    public IPushLinks? Push { get; init; }

    /// <summary>Gets why this target framework does not support pushes; null if it does, or the servers never push.</summary>
    public string? WhyNoPush { get; init; }
}
