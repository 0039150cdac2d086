namespace Acm.Client;

/// <summary>How a watcher notices changes.</summary>
public enum AcmWatchTransport
{
    /// <summary>In the best way that the servers and the network allow: gRPC, else long polling, else comparing.</summary>
    Auto,

    /// <summary>The server pushes over gRPC: Nacos 2 and later.</summary>
    Grpc,

    /// <summary>The server holds a request until something changes. Values are compared at an interval where it does not.</summary>
    LongPoll,

    /// <summary>Values are compared at an interval.</summary>
    Poll,
}
