using Acm.Client.Reading;

namespace Acm.Client.Watching;

/// <summary>
/// A watched key of a namespace, shared by all its watchers: its value, state and subscriptions. Kept small, because there may be very many. Requires the gate.
/// </summary>
internal sealed class KeyEntry
{
    private Subscription? _first;

    public KeyEntry(ConfigKey key)
    {
        Key = key;
    }

    public ConfigKey Key { get; }

    /// <summary>Gets the latest value; null if there is none or it is unknown.</summary>
    public WatchedValue? Value { get; private set; }

    /// <summary>Gets whether the value, or its absence, comes from a server or the failover folder. A snapshot does not count.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Gets or sets the MD5 of the value that the server is assumed to have, for listen requests; null for none.</summary>
    public string? ServerMd5 { get; set; }

    /// <summary>Gets or sets whether <see cref="ServerMd5"/> still needs to be verified.</summary>
    public bool NeedsCheck { get; set; } = true;

    public KeyPlace Place { get; set; }

    /// <summary>Gets or sets the batch that contains the key; null if there is none.</summary>
    public WatchBatch? Batch { get; set; }

    /// <summary>Gets or sets the position in the batch's feed; -1 if there is none yet.</summary>
    public int FeedPlace { get; set; } = -1;

    /// <summary>Gets or sets the current read; results of older ones are ignored.</summary>
    public KeyReading? Reading { get; set; }

    public KeyTrouble? Trouble { get; set; }

    /// <summary>Gets or sets whether the latest value is queued to be saved as a snapshot.</summary>
    public bool AwaitsSnapshot { get; set; }

    /// <summary>Gets the last state that a server reported; null if none did, or if a local file replaces it.</summary>
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

    /// <summary>Gets whether the key was read once, with or without success.</summary>
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

    /// <summary>Sets the value, or its absence, and offers it to all subscriptions.</summary>
    /// <param name="value">The value; null if there is none.</param>
    /// <param name="isKnown">Whether it comes from a server or the failover folder.</param>
    public void Take(WatchedValue? value, bool isKnown)
    {
        Value = value;
        IsKnown |= isKnown;
        if (isKnown) NoteLook();
        for (Subscription? subscription = _first; subscription is not null; subscription = subscription.Next) subscription.Offer();
    }

    /// <summary>Records that the key was read, with or without success.</summary>
    public void NoteLook()
    {
        if (WasLookedAt) return;

        WasLookedAt = true;
        for (Subscription? subscription = _first; subscription is not null; subscription = subscription.Next) subscription.Watcher.NoteLook();
    }

    /// <summary>Returns the subscription of a watcher; null if it does not watch this key.</summary>
    public Subscription? Of(ConfigWatcher watcher)
    {
        Subscription? subscription = _first;
        while (subscription is not null && subscription.Watcher != watcher) subscription = subscription.Next;
        return subscription;
    }

    /// <summary>Records that a server confirmed the current value.</summary>
    public void Confirm() => Take(ServerMd5 is null ? null : Value?.Confirmed(), isKnown: true);
}
