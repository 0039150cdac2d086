namespace Acm.Client.Watching;

/// <summary>The watched keys of one namespace and their batches: the servers are asked about one namespace at a time. Guarded by the hub's gate.</summary>
internal sealed class WatchSpace
{
    /// <summary>
    /// A batch with more keys is not disturbed for one more: the newcomer hangs in a small batch of its own until the large one comes round, which saves telling the server of thousands of keys again.
    /// </summary>
    private const int SmallBatch = 100;

    private const int EnoughBatches = 16;

    private readonly Dictionary<ConfigKey, KeyEntry> _entries = [];
    private readonly List<WatchBatch> _batches = [];
    private readonly WatchHub _hub;
    private WatchBatch? _open;

    public WatchSpace(WatchHub hub, string name)
    {
        _hub = hub;
        Name = name;
    }

    /// <summary>The namespace.</summary>
    public string Name { get; }

    public bool IsEmpty => _entries.Count == 0;

    public IEnumerable<KeyEntry> Entries => _entries.Values;

    public KeyEntry? Find(ConfigKey key) => _entries.TryGetValue(key, out KeyEntry? entry) ? entry : null;

    /// <summary>Has a watcher watch a key, and tells it what is known already.</summary>
    public Subscription Subscribe(ConfigWatcher watcher, ConfigKey key)
    {
        KeyEntry? entry = Find(key);
        bool isNew = entry is null;
        if (entry is null) _entries.Add(key, entry = new KeyEntry(key));

        var subscription = new Subscription(watcher, entry);
        entry.Add(subscription);
        if (isNew) Join(entry);
        else subscription.Offer();
        return subscription;
    }

    /// <summary>Lets a key go with its last watcher. No poll is told: the key drops out at its batch's next turn.</summary>
    public void Unsubscribe(Subscription subscription)
    {
        KeyEntry entry = subscription.Entry;
        entry.Remove(subscription);
        subscription.End();
        if (entry.HasSubscriptions) return;

        _entries.Remove(entry.Key);
        entry.Batch?.Remove(entry);
        entry.Reading = null;
        entry.Place = KeyPlace.Gone;
    }

    /// <summary>Has the servers asked about a key from now on.</summary>
    public void Join(KeyEntry entry)
    {
        entry.Place = KeyPlace.Batch;
        if (_open is not { HasRoom: true } || !(IsLiveAtOnce(_open) || IsCrowded))
        {
            _open = new WatchBatch(_hub, this);
            _batches.Add(_open);
            _open.Start();
        }

        _open.Add(entry);
    }

    /// <summary>Whether a newcomer is asked about at once in a batch, without much ado: before its first turn, or when few keys hang there.</summary>
    private static bool IsLiveAtOnce(WatchBatch batch) => !batch.HasBegun || (batch.IsHanging && !batch.IsFailing && batch.Count <= SmallBatch);

    /// <summary>Whether there are so many batches with room that another one would be no help. That is so where servers do not answer.</summary>
    private bool IsCrowded => _batches.Count(batch => batch.HasRoom) >= EnoughBatches;

    /// <summary>A batch without keys ends.</summary>
    public void End(WatchBatch batch)
    {
        _batches.Remove(batch);
        if (_open == batch) _open = null;
    }

    /// <summary>A batch that hangs without need: it is no larger than this one, and there is room for its keys here. Null where there is none.</summary>
    public WatchBatch? Absorbable(WatchBatch into) =>
        _batches.Count == 1 ? null : _batches.Find(batch => batch != into && batch.IsHanging && !batch.IsFailing && batch.Count <= into.Count && batch.Count + into.Count <= into.Limit);

    /// <summary>Writes a line to the client's log and to those of the watchers of this namespace. Not under the gate.</summary>
    public void Log(AcmLogLevel level, string message) => WatchLog.Write(_hub.LogsOf(this).Append(_hub.ClientLog), level, message);
}
