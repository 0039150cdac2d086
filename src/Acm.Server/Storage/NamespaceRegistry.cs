namespace Acm.Server.Storage;

/// <summary>The created namespaces by ID. The public namespace is not among them, because it always exists.</summary>
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

    /// <summary>Returns all namespaces in ordinal order of their IDs.</summary>
    public IReadOnlyList<NamespaceEntry> All()
    {
        lock (_lock) return [.. _entries.Values];
    }

    public NamespaceEntry? Find(string id)
    {
        lock (_lock) return _entries.GetValueOrDefault(id);
    }

    /// <summary>Creates a namespace; returns false if it exists.</summary>
    /// <exception cref="StorageException">The namespace could not be stored.</exception>
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

    /// <summary>Changes a namespace; returns false if it does not exist.</summary>
    /// <exception cref="StorageException">The namespace could not be stored.</exception>
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

    /// <summary>Removes a namespace from the list; its configurations stay.</summary>
    /// <exception cref="StorageException">The namespace could not be stored.</exception>
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
