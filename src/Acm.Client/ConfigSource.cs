namespace Acm.Client;

/// <summary>The source of a value.</summary>
public enum ConfigSource
{
    /// <summary>A server.</summary>
    Server,

    /// <summary>A file in the failover folder, which takes precedence over every server.</summary>
    Failover,

    /// <summary>The last value from a server, because none is reachable. It may be stale.</summary>
    Snapshot,
}
