namespace Acm.Client.Watching;

/// <summary>One watcher's interest in one key, with what it was told last. There may be very many of them, so it is kept small. Guarded by the hub's gate.</summary>
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

    /// <summary>The next one that watches the same key.</summary>
    public Subscription? Next { get; set; }

    /// <summary>The one before it that watches the same key.</summary>
    public Subscription? Previous { get; set; }

    /// <summary>The next one in its watcher's queue.</summary>
    public Subscription? NextQueued { get; set; }

    /// <summary>Whether the watcher has let the key go.</summary>
    public bool HasEnded { get; private set; }

    public int Delivered { get; private set; }

    public DateTimeOffset? LastChange => _lastChangeTicks == 0 ? null : new DateTimeOffset(_lastChangeTicks, TimeSpan.Zero);

    /// <summary>What the callback did wrong; null while it did nothing wrong.</summary>
    public CallbackFailures? Trouble { get; private set; }

    /// <summary>Looks at the key's value, and queues for the watcher where there is something to tell.</summary>
    public void Offer()
    {
        WatchedValue? value = Entry.Value;
        if (_hasBegun)
        {
            if (IsTold(value))
            {
                // What is compared with from now on. There is nothing to tell of what was not known before.
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
            // A snapshot may be old: what is different from it need not have changed since the watcher began.
            if (!Entry.IsKnown) return;
            _hasBegun = true;
            _told = value;
            return;
        }

        if (_isQueued || HasEnded) return;
        _isQueued = true;
        Watcher.Enqueue(this);
    }

    /// <summary>Lets the key go: nothing is told of it any more.</summary>
    public void End()
    {
        HasEnded = true;
        if (!Entry.WasLookedAt) Watcher.NoteLook();
    }

    /// <summary>The change to tell now, which is to the newest value however long it queued; null where there is none any more.</summary>
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

    /// <summary>Takes back that a change was told. Nothing else was told meanwhile, since a watcher is told one thing at a time.</summary>
    /// <returns>How often the callback failed in a row; 0 where a newer value waits already.</returns>
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

    /// <summary>What a callback did wrong with one key.</summary>
    internal sealed class CallbackFailures
    {
        /// <summary>How often it failed in a row.</summary>
        public int Failures { get; set; }

        public WatchFailure? Last { get; set; }
    }
}
