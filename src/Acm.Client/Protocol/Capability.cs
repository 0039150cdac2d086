namespace Acm.Client.Protocol;

/// <summary>Capabilities that differ between servers.</summary>
[Flags]
internal enum Capability
{
    /// <summary>No capability.</summary>
    None = 0,

    /// <summary>Reading several keys of a group in one request.</summary>
    BatchGet = 1,

    /// <summary>Holding a request until a watched key changes.</summary>
    LongPoll = 2,
}
