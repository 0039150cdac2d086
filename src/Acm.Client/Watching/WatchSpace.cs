namespace Acm.Client.Watching;

/// <summary>The keys of one namespace that are watched by one transport, and their batches: the servers are asked about one namespace at a time. Guarded by the hub's gate.</summary>
internal sealed class WatchSpace
{
    private const int EnoughBatches = 16;

    private readonly Dictionary<ConfigKey, KeyEntry> _entries = [];
    private readonly List<WatchBatch> _batches = [];
    private readonly HashSet<(IAcmLog Log, AcmErrorKind? Kind)> _told = [];
    private readonly WatchHub _hub;
    private WatchBatch? _open;

    public WatchSpace(WatchHub hub, string name, AcmWatchTransport transport, bool includesMetadata)
    {
        _hub = hub;
        Name = name;
        Transport = transport;
        IncludesMetadata = includesMetadata;
    }

    /// <summary>The namespace.</summary>
    public string Name { get; }

    /// <summary>How changes are to be noticed.</summary>
    public AcmWatchTransport Transport { get; }

    /// <summary>Whether changes of metadata alone are of interest.</summary>
    public bool IncludesMetadata { get; }

    public bool IsEmpty => Count == 0;

    /// <summary>How many keys are watched.</summary>
    public int Count => _entries.Count;

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

    /// <summary>Lets a key go with its last watcher. The servers are not told: the key drops out at its batch's next turn.</summary>
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
        if (_open is not { HasRoom: true } || !(_open.IsLiveAtOnce || IsCrowded))
        {
            _open = new WatchBatch(_hub, this);
            _batches.Add(_open);
            _open.Start();
        }

        _open.Add(entry);
    }

    /// <summary>Whether there are so many batches with room that another one would be no help. That is so where servers do not answer.</summary>
    private bool IsCrowded => _batches.Count(batch => batch.HasRoom) >= EnoughBatches;

    /// <summary>A batch without keys ends.</summary>
    public void End(WatchBatch batch)
    {
        if (batch.HasFailed) NoteRecovery();
        _batches.Remove(batch);
        if (_open == batch) _open = null;
    }

    /// <summary>A batch that may join this one; null where there is none.</summary>
    public WatchBatch? Absorbable(WatchBatch into) => _batches.Count == 1 ? null : _batches.Find(batch => batch.CanJoin(into));

    /// <summary>Takes note that something that had failed goes on: what fails from now on is told anew.</summary>
    public void NoteRecovery() => _told.Clear();

    /// <summary>Whether no batch has failed since it was last answered.</summary>
    public bool IsWell => !_batches.Exists(batch => batch.HasFailed);

    /// <summary>Keeps nothing of a log whose watcher has gone.</summary>
    public void Forget(IAcmLog? log) => _told.RemoveWhere(told => told.Log == log);

    /// <summary>
    /// Writes of a failure that very many keys may share, as a server that is down, to the client's log and to those of the watchers of this namespace: as a warning to each once until something goes on,
    /// and else as a verbose line. Not under the gate.
    /// </summary>
    /// <param name="kind">Failures of one kind are taken for one.</param>
    /// <param name="isNew">Whether what failed had not failed just before as well.</param>
    /// <param name="message">The line.</param>
    public void LogFailure(AcmErrorKind? kind, bool isNew, string message) => LogFailure(_hub.LogsOf(this).Append(_hub.ClientLog), kind, isNew, message);

    /// <summary>Writes so to these logs.</summary>
    public void LogFailure(IEnumerable<IAcmLog?> logs, AcmErrorKind? kind, bool isNew, string message)
    {
        // What is down does not answer, or refuses: which of them is a matter of chance.
        if (kind == AcmErrorKind.Timeout) kind = AcmErrorKind.ServerUnavailable;
        ILookup<bool, IAcmLog?> isNews;
        lock (_hub.Gate) isNews = logs.Distinct().ToLookup(log => isNew && log is not null && _told.Add((log, kind)));
        WatchLog.Write(isNews[true], AcmLogLevel.Warning, message);
        WatchLog.Write(isNews[false], AcmLogLevel.Verbose, message);
    }

    /// <summary>Writes a line to the client's log and to those of the watchers of this namespace. Not under the gate.</summary>
    public void Log(AcmLogLevel level, string message) => WatchLog.Write(_hub.LogsOf(this).Append(_hub.ClientLog), level, message);
}
