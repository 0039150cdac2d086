using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// What a watcher's event subscription is on: <c>(Get-EventSubscriber).SourceObject</c>. PowerShell takes its handler off the event when the
/// subscription ends, in whatever way that happens, which is how the watching learns of it. The event itself is never raised: PowerShell would
/// hand each one to a thread of its own, and their order would be lost.
/// </summary>
public sealed class AcmWatcherSource
{
    private readonly Action _unsubscribed;
    private readonly string _name;

    internal AcmWatcherSource(IReadOnlyList<ConfigKey> keys, Action unsubscribed)
    {
        _name = keys.Count switch
        {
            0 => "names that match later",
            1 => keys[0].ToString(),
            _ => $"{keys[0]} and {keys.Count - 1} more",
        };
        _unsubscribed = unsubscribed;
    }

    /// <summary>A watched configuration is there at the start, changed, or was removed.</summary>
    public event EventHandler<AcmConfigChange> Changed
    {
        add { }
        remove => _unsubscribed();
    }

    /// <summary>The keys, shortened.</summary>
    public override string ToString() => _name;
}
