using Acm.Client;

namespace AcmPowerShell;

/// <summary>How the watching of one key by one subscription goes, as Get-AcmWatcher found it.</summary>
public sealed class AcmWatcher
{
    private readonly WatchedKey _status;

    internal AcmWatcher(EventSubscription subscription, WatchedKey status)
    {
        Subscription = subscription;
        _status = status;
    }

    /// <summary>Number of the subscription, as Get-EventSubscriber shows it.</summary>
    public int SubscriptionId => Subscription.Subscriber.SubscriptionId;

    /// <summary>Name of the subscription, which its events carry.</summary>
    public string SourceIdentifier => Subscription.Subscriber.SourceIdentifier;

    /// <summary>The data id.</summary>
    public string DataId => _status.Key.DataId;

    /// <summary>The group.</summary>
    public string Group => _status.Key.Group;

    /// <summary>The namespace; empty for the blank one.</summary>
    public string Namespace => Subscription.Watcher.Namespace;

    /// <summary>Connecting: no server has told of the key yet. Watching. BackingOff: it could not be asked for, and is tried again after a pause. Stopped: the subscription has ended, or its action failed.</summary>
    public WatchState State => Subscription.IsOver ? WatchState.Stopped : _status.State;

    /// <summary>When this subscription was last told something of the key; null where it was told nothing yet.</summary>
    public DateTimeOffset? LastChange => _status.LastChange;

    /// <summary>What goes wrong; null while the key is watched.</summary>
    public string? LastError => !Subscription.HasEnded && Subscription.IsOver ? "The action failed and will not run again. Handle its errors with try and catch." : IsWell ? null : _status.LastError;

    /// <summary>What went wrong before the key was watched again; null where nothing did.</summary>
    public string? PreviousError => IsWell ? _status.LastError : null;

    /// <summary>When the last error of a server came, whether it lasts or is over; null where nothing went wrong yet.</summary>
    public DateTimeOffset? ErrorTime => _status.LastErrorTime;

    /// <summary>How changes of the key are noticed now; null while it is not being watched. Never Auto.</summary>
    public WatchTransport? Transport => (WatchTransport?)_status.Transport;

    /// <summary>The server that was last heard of in this way, as <c>host:port</c>; null before.</summary>
    public string? Server => _status.Server;

    /// <summary>When that server was last heard of; null before.</summary>
    public DateTimeOffset? LastContact => _status.LastContact;

    /// <summary>How many events of the key this subscription raised.</summary>
    public long EventsDelivered => _status.Delivered;

    private bool IsWell => State == WatchState.Watching;

    internal EventSubscription Subscription { get; }

    internal ConfigKey Key => _status.Key;

    /// <summary>The key.</summary>
    public override string ToString() => Key.ToString();
}
