namespace Acm.Client.Protocol;

/// <summary>What servers of one kind can do and those of another can't.</summary>
[Flags]
internal enum Capability
{
    /// <summary>Nothing of what follows.</summary>
    None = 0,

    /// <summary>Reading several keys of a group in one request.</summary>
    BatchGet = 1,

    /// <summary>Holding a request until a watched key changes.</summary>
    LongPoll = 2,
}
