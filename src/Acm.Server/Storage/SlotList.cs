using System.Runtime.InteropServices;

namespace Acm.Server.Storage;

/// <summary>Configurations in the order of their creation, which is the order of their IDs. Not thread-safe.</summary>
internal sealed class SlotList
{
    private readonly List<IndexedSlot> _entries = [];

    public int Count => _entries.Count;

    public ReadOnlySpan<IndexedSlot> Entries => CollectionsMarshal.AsSpan(_entries);

    /// <summary>Adds a configuration; usually appends it, because a new configuration has the highest ID.</summary>
    public void Add(IndexedSlot entry)
    {
        int at = _entries.Count == 0 || _entries[^1].Id < entry.Id ? ~_entries.Count : Find(entry);
        if (at < 0) _entries.Insert(~at, entry);
    }

    public void Remove(IndexedSlot entry)
    {
        int at = Find(entry);
        if (at >= 0) _entries.RemoveAt(at);
    }

    private int Find(IndexedSlot entry) => _entries.BinarySearch(entry, IndexedSlot.ByAge);
}
