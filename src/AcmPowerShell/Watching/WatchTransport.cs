namespace AcmPowerShell;

/// <summary>Specifies how a watcher detects changes.</summary>
public enum WatchTransport
{
    /// <summary>The best way that the servers and the network support: gRPC, long polling or comparison.</summary>
    Auto,

    /// <summary>The server pushes changes over gRPC. Requires Nacos 2 or later and PowerShell 7.</summary>
    Grpc,

    /// <summary>The server delays its response until a value changes.</summary>
    LongPoll,

    /// <summary>Values are compared at intervals.</summary>
    Poll,
}
