using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>A dialect, and the ways to servers that speak it.</summary>
/// <param name="Protocol">Makes the operations.</param>
/// <param name="Links">What they run over; the connection's to dispose.</param>
internal sealed record Dialect(IConfigProtocol Protocol, IServerLinks Links)
{
    /// <summary>Finds out which of two dialects it is; null where it is one.</summary>
    public AutoDialect? Auto { get; init; }
    /// <summary>Connections on which servers push; null where they do not, or this flavour of the engine can't.</summary>
    public IPushLinks? Push { get; init; }
}
