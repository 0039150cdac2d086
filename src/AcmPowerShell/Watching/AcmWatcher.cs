using Acm.Client;

namespace AcmPowerShell;

/// <summary>The state of one key of a subscription, as Get-AcmWatcher returns it.</summary>
public sealed class AcmWatcher
{
    private readonly WatchedKey _status;

    internal AcmWatcher(EventSubscription subscription, WatchedKey status)
    {
        Subscription = subscription;
        _status = status;
    }

    /// <summary>Gets the ID of the subscription, as Get-EventSubscriber shows it.</summary>
    public int SubscriptionId => Subscription.Subscriber.SubscriptionId;

    /// <summary>Gets the name of the subscription and its events.</summary>
    public string SourceIdentifier => Subscription.Subscriber.SourceIdentifier;

    /// <summary>Gets the data ID.</summary>
    public string DataId => _status.Key.DataId;

    /// <summary>Gets the group.</summary>
    public string Group => _status.Key.Group;

    /// <summary>Gets the ID of the namespace. Empty for the default namespace.</summary>
    public string Namespace => Subscription.Watcher.Namespace;

    /// <summary>Gets the state. Connecting: no server has answered for the key yet. Watching. BackingOff: a request failed and will be retried. Stopped: the subscription has ended, or its action failed.</summary>
    public WatchState State => Subscription.IsOver ? WatchState.Stopped : _status.State;

    /// <summary>Gets the time of the latest event for the key, or null.</summary>
    public DateTimeOffset? LastChange => _status.LastChange;

    /// <summary>Gets the current error. Null while the key is watched.</summary>
    public string? LastError => !Subscription.HasEnded && Subscription.IsOver ? "The action failed and will not run again. Handle its errors with try and catch." : IsWatching ? null : _status.LastError;

    /// <summary>Gets the latest error before the key was watched again, or null.</summary>
    public string? PreviousError => IsWatching ? _status.LastError : null;

    /// <summary>Gets the time of the latest current or past error, or null.</summary>
    public DateTimeOffset? ErrorTime => _status.LastErrorTime;

    /// <summary>Gets how changes are currently detected. Null while the key is not watched. Never Auto.</summary>
    public WatchTransport? Transport => (WatchTransport?)_status.Transport;

    /// <summary>Gets why changes are not pushed over gRPC, and what to do; null if they are, or if another transport was specified.</summary>
    public string? TransportReason => _status.TransportReason;

    /// <summary>Gets the server of the latest contact, as <c>host:port</c>, or null.</summary>
    public string? Server => _status.Server;

    /// <summary>Gets the time of the latest contact, or null.</summary>
    public DateTimeOffset? LastContact => _status.LastContact;

    /// <summary>Gets the number of events that the subscription raised for the key.</summary>
    public long EventsDelivered => _status.Delivered;

    private bool IsWatching => State == WatchState.Watching;

    internal EventSubscription Subscription { get; }

    internal ConfigKey Key => _status.Key;

    /// <summary>Returns the key.</summary>
    public override string ToString() => Key.ToString();
}
