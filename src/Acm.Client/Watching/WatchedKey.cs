namespace Acm.Client;

/// <summary>The status of a watched key of one watcher.</summary>
public sealed class WatchedKey
{
    /// <summary>Gets the key.</summary>
    public required ConfigKey Key { get; init; }

    /// <summary>Gets the state.</summary>
    public required WatchState State { get; init; }

    /// <summary>Gets when this watcher last reported a change; null if it has reported none.</summary>
    public DateTimeOffset? LastChange { get; init; }

    /// <summary>Gets the last failure of a request, a read or the callback, even if it was resolved; null if there was none.</summary>
    public string? LastError { get; init; }

    /// <summary>Gets when <see cref="LastError"/> occurred; null if there was none.</summary>
    public DateTimeOffset? LastErrorTime { get; init; }

    /// <summary>Gets how changes are detected now; null if the key is not watched. Never <see cref="AcmWatchTransport.Auto"/>.</summary>
    public AcmWatchTransport? Transport { get; init; }

    /// <summary>Gets why changes are not pushed over gRPC, and what to do; null if they are, or if another transport was specified.</summary>
    public string? TransportReason { get; init; }

    /// <summary>Gets the server that last answered, as <c>host:port</c>; null if none has.</summary>
    public string? Server { get; init; }

    /// <summary>Gets when that server last answered; null if none has.</summary>
    public DateTimeOffset? LastContact { get; init; }

    /// <summary>Gets the number of changes that this watcher has reported.</summary>
    public required long Delivered { get; init; }
}
