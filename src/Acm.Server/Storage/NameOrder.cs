namespace Acm.Server.Storage;

/// <summary>
/// The configurations of a namespace, ordered by name. Changes are collected, and merged into the list at the next read or when there are many.
/// Bursts of new names and reads of consecutive pages are therefore cheap, and no read sorts the whole list. Not thread-safe.
/// </summary>
internal sealed class NameOrder(Comparer<IndexedSlot> order)
{
    private const int FewChanges = 1_024;
    private const int PartThatMayWait = 32;

    private readonly List<IndexedSlot> _added = [];
    private readonly Dictionary<long, IndexedSlot> _removed = [];
    private NameList _ordered = new([]);

    public void Add(IndexedSlot entry)
    {
        _added.Add(entry);
        MergeMany();
    }

    public void Remove(IndexedSlot entry)
    {
        _removed[entry.Id] = entry;
        MergeMany();
    }

    /// <summary>Returns the current list.</summary>
    public NameList Read()
    {
        if (_added.Count > 0 || _removed.Count > 0) _ordered = new NameList(Merge());
        return _ordered;
    }

    private void MergeMany()
    {
        if (_added.Count + _removed.Count > FewChanges + (_ordered.Entries.Length / PartThatMayWait)) Read();
    }

    private IndexedSlot[] Merge()
    {
        IndexedSlot[] ordered = _ordered.Entries;
        IndexedSlot[] added = [.. _added.Where(entry => !_removed.ContainsKey(entry.Id))];
        Array.Sort(added, order);
        int[] removed = [.. _removed.Values.Select(entry => Array.BinarySearch(ordered, entry, order)).Where(at => at >= 0).Order()];
        _added.Clear();
        _removed.Clear();

        var merged = new IndexedSlot[ordered.Length + added.Length - removed.Length];
        int read = 0;
        int written = 0;
        int nextAdded = 0;
        int nextRemoved = 0;
        while (true)
        {
            int addAt = nextAdded < added.Length ? ~Array.BinarySearch(ordered, added[nextAdded], order) : int.MaxValue;
            int removeAt = nextRemoved < removed.Length ? removed[nextRemoved] : int.MaxValue;
            int stop = Math.Min(ordered.Length, Math.Min(addAt, removeAt));
            Array.Copy(ordered, read, merged, written, stop - read);
            written += stop - read;
            read = stop;
            if (addAt <= removeAt && addAt == stop)
            {
                merged[written++] = added[nextAdded++];
            }
            else if (removeAt == stop)
            {
                read++;
                nextRemoved++;
            }
            else
            {
                break;
            }
        }

        return merged;
    }
}
