using Acm.Client.Reading;

namespace Acm.Client.Watching;

/// <summary>
/// One watched key of a namespace, whoever watches it: what is known of its value, where it is, who is told. There may be very many of them, so it is kept small. Guarded by the hub's gate.
/// </summary>
internal sealed class KeyEntry
{
    private Subscription? _first;

    public KeyEntry(ConfigKey key)
    {
        Key = key;
    }

    public ConfigKey Key { get; }

    /// <summary>The newest value; null where there is none, or where nothing is known of it.</summary>
    public WatchedValue? Value { get; private set; }

    /// <summary>Whether a server or the failover folder has told the value, or that there is none. A snapshot tells nothing.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>MD5 of the value that a server is taken to hold, which is what it is asked about; null for none.</summary>
    public string? ServerMd5 { get; set; }

    /// <summary>Whether it is still to be found out if <see cref="ServerMd5"/> is so.</summary>
    public bool NeedsCheck { get; set; } = true;

    public KeyPlace Place { get; set; }

    /// <summary>The batch that asks for it, or keeps a place for it while it is read; else null.</summary>
    public WatchBatch? Batch { get; set; }

    /// <summary>The place in the batch's feed; -1 where it has none yet.</summary>
    public int FeedPlace { get; set; } = -1;

    /// <summary>The reading in progress; an older one that ends late does not count.</summary>
    public KeyReading? Reading { get; set; }

    public KeyTrouble? Trouble { get; set; }

    /// <summary>Whether its newest value waits to be kept as a snapshot.</summary>
    public bool AwaitsSnapshot { get; set; }

    /// <summary>What a server last told of it; null where none has, or a local file stands for it.</summary>
    public HeldAnswer? Held => !IsKnown || Value is { Source: not ConfigSource.Server } ? null : new HeldAnswer(Value?.Md5, Value?.Server, Value is { } value ? value.LastModified : Trouble?.LastModified, Trouble?.Earlier ?? []);

    public WatchState State => Place switch
    {
        KeyPlace.Gone => WatchState.Stopped,
        KeyPlace.Waiting when Trouble!.Failures > 0 => WatchState.BackingOff,
        KeyPlace.Failover => WatchState.Watching,
        KeyPlace.Reading when Trouble?.Failures > 0 => WatchState.BackingOff,
        KeyPlace.Batch when Batch!.IsFailing => WatchState.BackingOff,
        _ => IsKnown ? WatchState.Watching : WatchState.Connecting,
    };

    public WatchFailure? LastError => WatchFailure.Newer(Trouble?.Last, Batch?.LastError);

    /// <summary>Whether a server or the failover folder was asked about it once, with or without success.</summary>
    public bool WasLookedAt { get; private set; }

    public bool HasSubscriptions => _first is not null;

    public void Add(Subscription subscription)
    {
        subscription.Next = _first;
        if (_first is not null) _first.Previous = subscription;
        _first = subscription;
    }

    public void Remove(Subscription subscription)
    {
        if (subscription.Previous is null) _first = subscription.Next;
        else subscription.Previous.Next = subscription.Next;
        if (subscription.Next is not null) subscription.Next.Previous = subscription.Previous;
    }

    /// <summary>Takes a value, or that there is none, and offers it to all who watch.</summary>
    /// <param name="value">The value; null where there is none.</param>
    /// <param name="isKnown">Whether it comes from a server or the failover folder.</param>
    public void Take(WatchedValue? value, bool isKnown)
    {
        Value = value;
        IsKnown |= isKnown;
        if (isKnown) NoteLook();
        for (Subscription? subscription = _first; subscription is not null; subscription = subscription.Next) subscription.Offer();
    }

    /// <summary>Takes note that it was looked at, with or without success.</summary>
    public void NoteLook()
    {
        if (WasLookedAt) return;

        WasLookedAt = true;
        for (Subscription? subscription = _first; subscription is not null; subscription = subscription.Next) subscription.Watcher.NoteLook();
    }

    /// <summary>The subscription of a watcher; null where it does not watch this key.</summary>
    public Subscription? Of(ConfigWatcher watcher)
    {
        Subscription? subscription = _first;
        while (subscription is not null && subscription.Watcher != watcher) subscription = subscription.Next;
        return subscription;
    }

    /// <summary>What is known stays as it is, and is vouched for now.</summary>
    public void Confirm() => Take(ServerMd5 is null ? null : Value?.Confirmed(), isKnown: true);
}
