namespace Acm.Client;

/// <summary>How watchers detect changes.</summary>
public enum AcmWatchTransport
{
    /// <summary>The best that servers and network support: gRPC, otherwise long polling, otherwise comparing at an interval.</summary>
    Auto,

    /// <summary>Servers push changes over gRPC (Nacos 2 and later).</summary>
    Grpc,

    /// <summary>Servers hold a request until something changes; servers without long polling are compared at an interval.</summary>
    LongPoll,

    /// <summary>Values are compared at an interval.</summary>
    Poll,
}
