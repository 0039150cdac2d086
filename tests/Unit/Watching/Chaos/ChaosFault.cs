namespace Acm.Tests.Watching.Chaos;

/// <summary>What happens to watchers and servers in one round.</summary>
internal enum ChaosFault
{
    /// <summary>The server is killed while it is written to.</summary>
    Kill,

    /// <summary>The server is stopped, and tells its clients.</summary>
    Stop,

    /// <summary>The server stands still for a while, with its connections open.</summary>
    Freeze,

    /// <summary>The connections are cut.</summary>
    Cut,

    /// <summary>Bytes are dropped, and connections stay open.</summary>
    Drop,

    /// <summary>Bytes come late.</summary>
    Delay,

    /// <summary>Connections end in the middle of a frame.</summary>
    Halve,

    /// <summary>A proxy that speaks HTTP/1 only takes the place of the gRPC port.</summary>
    Http1,

    /// <summary>Changes are made while no watcher can reach the server.</summary>
    Away,

    /// <summary>Another server takes over.</summary>
    TakeTurns,
}
