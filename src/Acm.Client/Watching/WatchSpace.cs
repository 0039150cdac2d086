using Acm.Client.Text;
using Acm.Client.Watching.Feeds;

namespace Acm.Client.Watching;

/// <summary>The watched keys of one namespace and transport, and their batches. Requires the gate.</summary>
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

    /// <summary>Gets the namespace.</summary>
    public string Name { get; }

    /// <summary>Gets how changes are detected.</summary>
    public AcmWatchTransport Transport { get; }

    /// <summary>Gets whether changes of metadata only are reported.</summary>
    public bool IncludesMetadata { get; }

    public bool IsEmpty => Count == 0;

    /// <summary>Gets how changes are detected now; null without a batch.</summary>
    public AcmWatchTransport? TransportInUse => _batches.Count == 0 ? null : _batches[0].Transport;

    /// <summary>Gets the number of watched keys.</summary>
    public int Count => _entries.Count;

    public IEnumerable<KeyEntry> Entries => _entries.Values;

    public KeyEntry? Find(ConfigKey key) => _entries.TryGetValue(key, out KeyEntry? entry) ? entry : null;

    /// <summary>Subscribes a watcher to a key and offers it the known value.</summary>
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

    /// <summary>Removes a subscription, and the key with the last one. The batch drops the key at its next pass, without a request.</summary>
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

    /// <summary>Adds a key to a batch, so that servers are asked about it.</summary>
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

    /// <summary>Gets whether there are so many batches with room that another one would not help, which happens if servers do not answer.</summary>
    private bool IsCrowded => _batches.Count(batch => batch.HasRoom) >= EnoughBatches;

    /// <summary>Removes a batch that has no keys.</summary>
    public void End(WatchBatch batch)
    {
        if (batch.HasFailed) NoteRecovery();
        _batches.Remove(batch);
        if (_open == batch) _open = null;
    }

    /// <summary>Returns a batch that can be merged into the given one; null if there is none.</summary>
    public WatchBatch? Absorbable(WatchBatch into) => _batches.Count == 1 ? null : _batches.Find(batch => batch.CanJoin(into));

    /// <summary>Records a recovery, so that later failures are reported as new.</summary>
    public void NoteRecovery() => _told.Clear();

    /// <summary>Gets whether no batch is failing.</summary>
    public bool IsWell => !_batches.Exists(batch => batch.HasFailed);

    /// <summary>Removes the state of a log whose watcher ended.</summary>
    public void Forget(IAcmLog? log) => _told.RemoveWhere(told => told.Log == log);

    /// <summary>
    /// Logs a failure that many keys may share, such as a server that is down, to the client's log and those of the namespace's watchers: as a warning once until something recovers,
    /// otherwise as a verbose line. Must not be called under the gate.
    /// </summary>
    /// <param name="kind">The kind; failures of one kind are considered the same.</param>
    /// <param name="isNew">Whether the failure is the first in a row.</param>
    /// <param name="message">The message.</param>
    public void LogFailure(AcmErrorKind? kind, bool isNew, string message) => LogFailure(_hub.LogsOf(this).Append(_hub.ClientLog), kind, isNew, message);

    /// <summary>Logs a failure to the given logs.</summary>
    public void LogFailure(IEnumerable<IAcmLog?> logs, AcmErrorKind? kind, bool isNew, string message)
    {
        // A server that is down either does not answer or refuses connections.
        if (kind == AcmErrorKind.Timeout) kind = AcmErrorKind.ServerUnavailable;
        ILookup<bool, IAcmLog?> isNews;
        lock (_hub.Gate) isNews = logs.Distinct().ToLookup(log => isNew && log is not null && _told.Add((log, kind)));
        WatchLog.Write(isNews[true], AcmLogLevel.Warning, message);
        WatchLog.Write(isNews[false], AcmLogLevel.Verbose, message);
    }

    /// <summary>Warns the client's log and those of the namespace's watchers, each once, that another transport stands in for the push. Must not be called under the gate.</summary>
    public void Tell(PushFallBack fallBack, AcmWatchTransport used) => Tell(_hub.LogsOf(this).Append(_hub.ClientLog), fallBack, used);

    /// <summary>Warns these logs, each once, that another transport stands in for the push. Must not be called under the gate.</summary>
    public void Tell(IEnumerable<IAcmLog?> logs, PushFallBack fallBack, AcmWatchTransport used)
    {
        if (Transport != AcmWatchTransport.Auto) return;

        string how = used == AcmWatchTransport.LongPoll ? "Changes are detected by long polling" : $"Values are compared every {_hub.PollIntervalOf(Name).AsPause()}";
        WatchLog.Write([.. logs.Where(fallBack.TryTell)], AcmLogLevel.Warning, $"{fallBack.Reason} {how} until it works.");
    }

    /// <summary>Logs a line to the client's log and those of the namespace's watchers. Must not be called under the gate.</summary>
    public void Log(AcmLogLevel level, string message) => WatchLog.Write(_hub.LogsOf(this).Append(_hub.ClientLog), level, message);
}
