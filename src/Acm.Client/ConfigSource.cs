namespace Acm.Client;

/// <summary>Where a value came from.</summary>
public enum ConfigSource
{
    /// <summary>A server answered.</summary>
    Server,

    /// <summary>A file in the failover folder, which goes before every server.</summary>
    Failover,

    /// <summary>The last value that a server gave, because no server could be reached now. It may be old.</summary>
    Snapshot,
}
