using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// The source object of a watcher's event subscription. PowerShell removes its handler from the event when the subscription ends,
/// which stops the watching. The event itself is never raised, because PowerShell would handle each one on a separate thread
/// and lose their order.
/// </summary>
public sealed class AcmWatcherSource
{
    private readonly Action _unsubscribed;
    private readonly string _name;

    internal AcmWatcherSource(IReadOnlyList<ConfigKey> keys, Action unsubscribed)
    {
        _name = keys.Count switch
        {
            0 => "new names that match",
            1 => keys[0].ToString(),
            _ => $"{keys[0]} and {keys.Count - 1} more",
        };
        _unsubscribed = unsubscribed;
    }

    /// <summary>Raised when a watched configuration is first read, changed or removed.</summary>
    public event EventHandler<AcmConfigChange> Changed
    {
        add { }
        remove => _unsubscribed();
    }

    /// <summary>Returns the first key and the number of others.</summary>
    public override string ToString() => _name;
}
