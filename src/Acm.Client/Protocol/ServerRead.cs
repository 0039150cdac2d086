namespace Acm.Client.Protocol;

/// <summary>What a server says of one key, and how much that is worth.</summary>
/// <param name="Value">The value; null where the server has none.</param>
/// <param name="View">Where it looked.</param>
internal readonly record struct ServerRead(ServerValue? Value, ReadView View)
{
    /// <summary>Whether there is no such configuration for sure, so that what was kept of it may be set aside and its removal told.</summary>
    public bool IsAbsent => Value is null && View == ReadView.Stored;
}
