using System.Security.Cryptography;

namespace Acm.Server.Storage;

/// <summary>Keeps all changes in memory.</summary>
internal sealed class MemoryJournal : IJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ConfigKey, List<AcceptedChange>> _history = [];
    private readonly Dictionary<long, AcceptedChange> _changes = [];
    private readonly Dictionary<string, byte[]> _secrets = [];

    public bool KeepsContents => true;

    public long LastRevision => 0;

    public IReadOnlyList<(ConfigKey Key, ConfigEntry Entry)> ReadCurrent() => [];

    public byte[] ReadContent(long revision)
    {
        lock (_lock)
        {
            return _changes.TryGetValue(revision, out AcceptedChange change) && change.Change.Content is { } content
                ? content
                : throw new StorageException($"Change {revision} has no content.");
        }
    }

    public void Commit(IReadOnlyList<AcceptedChange> changes)
    {
        lock (_lock)
        {
            foreach (AcceptedChange change in changes)
            {
                if (!_history.TryGetValue(change.Change.Key, out List<AcceptedChange>? ofKey)) _history[change.Change.Key] = ofKey = [];
                ofKey.Add(change);
                _changes[change.Revision] = change;
            }
        }
    }

    public HistoryPage History(ConfigKey key, long skip, int take, bool formalOnly)
    {
        lock (_lock)
        {
            if (!_history.TryGetValue(key, out List<AcceptedChange>? ofKey)) return HistoryPage.Empty;

            // A change whose content was pruned is not listed.
            List<AcceptedChange> shown = ofKey.FindAll(change => (!formalOnly || change.Change.Gray.Length == 0) && (change.Previous is null || _changes.ContainsKey(change.Previous.Revision)));
            var items = new List<HistoryItem>();
            for (long i = shown.Count - 1 - skip; i >= 0 && items.Count < take; i--) items.Add(Item(shown[(int)i]));
            return new HistoryPage(shown.Count, items);
        }
    }

    public HistoryItem? FindChange(long revision)
    {
        lock (_lock) return _changes.TryGetValue(revision, out AcceptedChange change) ? Item(change) : null;
    }

    public bool Prune(DateTimeOffset before, int maxRevisions)
    {
        lock (_lock)
        {
            foreach ((ConfigKey key, List<AcceptedChange> ofKey) in _history)
            {
                foreach (IGrouping<string, AcceptedChange> version in ofKey.GroupBy(change => change.Change.Gray).ToList()) Prune(ofKey, [.. version], before, maxRevisions);
                if (ofKey.Count == 0) _history.Remove(key);
            }
        }

        return false;
    }

    public IReadOnlyList<NamespaceEntry> ReadNamespaces() => [];

    public void SetNamespace(NamespaceEntry entry)
    {
    }

    public void RemoveNamespace(string id)
    {
    }

    public byte[] Secret(string name, int length)
    {
        lock (_lock)
        {
            if (!_secrets.TryGetValue(name, out byte[]? secret)) _secrets[name] = secret = RandomNumberGenerator.GetBytes(length);
            return secret;
        }
    }

    public void Dispose()
    {
    }

    private static HistoryItem Item(AcceptedChange accepted)
    {
        Change change = accepted.Change;
        Operation operation = accepted.Entry is null ? Operation.Delete : accepted.Previous is null ? Operation.Insert : Operation.Update;
        ConfigEntry? shown = operation == Operation.Insert ? accepted.Entry : accepted.Previous;
        return new HistoryItem
        {
            Revision = accepted.Revision,
            Key = change.Key,
            Gray = change.Gray,
            ConfigId = (accepted.Entry ?? accepted.Previous)?.Id ?? 0,
            Operation = operation,
            At = accepted.At,
            By = change.User ?? change.AccessKey,
            From = change.ClientAddress,
            Md5 = shown?.Md5 ?? "",
            Charset = shown?.Charset ?? Charsets.Text,
            Metadata = shown?.Metadata ?? ConfigMetadata.None,
            Rule = shown?.Rule,
            ShownBy = shown?.ModifiedBy,
            ContentRevision = shown?.Revision ?? 0,
        };
    }

    // The change before the oldest kept one is kept too, because its content belongs to that one. The newest may be the current value.
    private void Prune(List<AcceptedChange> ofKey, List<AcceptedChange> version, DateTimeOffset before, int maxRevisions)
    {
        int firstKept = Math.Max(version.Count - maxRevisions, version.FindIndex(change => change.At >= before) is var young and >= 0 ? young : version.Count);
        int last = Math.Min(firstKept - 1, version.Count - (version[^1].Entry is null ? 0 : 1));
        for (int i = 0; i < last; i++)
        {
            _changes.Remove(version[i].Revision);
            ofKey.Remove(version[i]);
        }
    }
}
