namespace Acm.Server.Storage;

/// <summary>The namespaces that somebody made, by id. The public one is always there and is not among them.</summary>
internal sealed class NamespaceRegistry
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, NamespaceEntry> _entries = new(StringComparer.Ordinal);
    private readonly IJournal _journal;
    private readonly TimeProvider _clock;

    public NamespaceRegistry(IJournal journal, TimeProvider clock)
    {
        _journal = journal;
        _clock = clock;
        foreach (NamespaceEntry entry in journal.ReadNamespaces()) _entries[entry.Id] = entry;
    }

    /// <summary>Ordered by id, ordinally.</summary>
    public IReadOnlyList<NamespaceEntry> All()
    {
        lock (_lock) return [.. _entries.Values];
    }

    public NamespaceEntry? Find(string id)
    {
        lock (_lock) return _entries.GetValueOrDefault(id);
    }

    /// <summary>False where it is there already.</summary>
    /// <exception cref="StorageException">It could not be stored.</exception>
    public bool TryCreate(string id, string name, string? description)
    {
        lock (_lock)
        {
            if (_entries.ContainsKey(id)) return false;

            var entry = new NamespaceEntry(id, name, description, _clock.GetUtcNow());
            _journal.SetNamespace(entry);
            _entries[id] = entry;
            return true;
        }
    }

    /// <summary>False where there is none of this id.</summary>
    /// <exception cref="StorageException">It could not be stored.</exception>
    public bool TryUpdate(string id, string name, string? description)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(id, out NamespaceEntry? entry)) return false;

            entry = entry with { Name = name, Description = description };
            _journal.SetNamespace(entry);
            _entries[id] = entry;
            return true;
        }
    }

    /// <summary>Takes the entry away; the configurations stay under its id.</summary>
    /// <exception cref="StorageException">It could not be stored.</exception>
    public bool Remove(string id)
    {
        lock (_lock)
        {
            if (!_entries.ContainsKey(id)) return false;

            _journal.RemoveNamespace(id);
            return _entries.Remove(id);
        }
    }
}
