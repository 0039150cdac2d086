namespace AcmPowerShell;

/// <summary>How a watcher notices changes.</summary>
public enum WatchTransport
{
    /// <summary>In the best way that the servers and the network allow: gRPC, else long polling, else comparing.</summary>
    Auto,

    /// <summary>The server pushes over gRPC: Nacos 2 and later, with PowerShell 7.</summary>
    Grpc,

    /// <summary>The server holds a request until something changes.</summary>
    LongPoll,

    /// <summary>Values are compared at an interval.</summary>
    Poll,
}
