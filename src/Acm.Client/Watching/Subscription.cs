namespace Acm.Client.Watching;

/// <summary>The subscription of one watcher to one key, with the last reported value. Kept small, because there may be very many. Requires the gate.</summary>
internal sealed class Subscription
{
    private WatchedValue? _told;
    private bool _hasBegun;
    private bool _isQueued;
    private long _lastChangeTicks;

    public Subscription(ConfigWatcher watcher, KeyEntry entry)
    {
        Watcher = watcher;
        Entry = entry;
    }

    public ConfigWatcher Watcher { get; }

    public KeyEntry Entry { get; }

    /// <summary>Gets or sets the next subscription of the same key.</summary>
    public Subscription? Next { get; set; }

    /// <summary>Gets or sets the previous subscription of the same key.</summary>
    public Subscription? Previous { get; set; }

    /// <summary>Gets or sets the next subscription in the watcher's queue.</summary>
    public Subscription? NextQueued { get; set; }

    /// <summary>Gets whether the watcher no longer watches the key.</summary>
    public bool HasEnded { get; private set; }

    public int Delivered { get; private set; }

    public DateTimeOffset? LastChange => _lastChangeTicks == 0 ? null : new DateTimeOffset(_lastChangeTicks, TimeSpan.Zero);

    /// <summary>Gets the failures of the callback; null if there were none.</summary>
    public CallbackFailures? Trouble { get; private set; }

    /// <summary>Compares the key's value with the last reported one, and queues a change for the watcher.</summary>
    public void Offer()
    {
        WatchedValue? value = Entry.Value;
        if (_hasBegun)
        {
            if (IsTold(value))
            {
                // Metadata that was unknown before is not a change, but the next value is compared with it.
                if (value is not null && _told is not null && value.TellsMoreThan(_told)) _told = value;
                return;
            }
        }
        else if (value is null)
        {
            _hasBegun = Entry.IsKnown;
            return;
        }
        else if (Watcher.NoInitial)
        {
            // A snapshot may be stale, so a difference need not be a change since the start of the watcher.
            if (!Entry.IsKnown) return;
            _hasBegun = true;
            _told = value;
            return;
        }

        if (_isQueued || HasEnded) return;
        _isQueued = true;
        Watcher.Enqueue(this);
    }

    /// <summary>Ends the subscription: no further change is reported.</summary>
    public void End()
    {
        HasEnded = true;
        if (!Entry.WasLookedAt) Watcher.NoteLook();
    }

    /// <summary>Returns the change to report, always to the latest value; null if there is none any more.</summary>
    public ConfigChange? Take(DateTimeOffset now)
    {
        _isQueued = false;
        if (HasEnded) return null;

        WatchedValue? value = Entry.Value;
        WatchedValue? previous = _told;
        ConfigChangeKind kind;
        if (!_hasBegun)
        {
            _hasBegun = true;
            if (value is null) return null;
            kind = ConfigChangeKind.Initial;
        }
        else if (IsTold(value))
        {
            _told = value;
            return null;
        }
        else
        {
            kind = value is null ? ConfigChangeKind.Removed : ConfigChangeKind.Changed;
        }

        _told = value;
        return new ConfigChange(Entry.Key, Watcher.Namespace, kind, value, previous, now);
    }

    public void Succeeded(ConfigChange change)
    {
        Delivered++;
        _lastChangeTicks = change.TimeGenerated.UtcTicks;
        if (Trouble is not null) Trouble.Failures = 0;
    }

    /// <summary>Reverts a reported change after the callback failed. No other change was reported meanwhile, because a watcher reports one at a time.</summary>
    /// <returns>Number of consecutive failures; 0 if a newer value is already queued.</returns>
    public int Failed(ConfigChange change, WatchFailure mishap)
    {
        _told = change.PreviousValue;
        _hasBegun = change.Kind != ConfigChangeKind.Initial;
        Trouble ??= new CallbackFailures();
        Trouble.Last = mishap;
        return _isQueued ? 0 : ++Trouble.Failures;
    }

    private bool IsTold(WatchedValue? value) =>
        ReferenceEquals(value, _told) || (value is not null && _told is not null && value.HasContentOf(_told) && (!Watcher.IncludesMetadata || value.HasMetadataOf(_told)));

    /// <summary>Failures of the callback for one key.</summary>
    internal sealed class CallbackFailures
    {
        /// <summary>Gets or sets the number of consecutive failures.</summary>
        public int Failures { get; set; }

        public WatchFailure? Last { get; set; }
    }
}
