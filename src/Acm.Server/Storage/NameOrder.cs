namespace Acm.Server.Storage;

/// <summary>
/// The configurations of a namespace in the order of a name. Changes gather and are merged when the list is read next, so that neither
/// a burst of new names nor reading page after page costs more than the names themselves. Not thread-safe.
/// </summary>
internal sealed class NameOrder(Comparer<IndexedSlot> order)
{
    private readonly List<IndexedSlot> _added = [];
    private readonly Dictionary<long, IndexedSlot> _removed = [];
    private IndexedSlot[] _ordered = [];

    public void Add(IndexedSlot entry) => _added.Add(entry);

    public void Remove(IndexedSlot entry) => _removed[entry.Id] = entry;

    /// <summary>The whole list; the array is never changed.</summary>
    public IndexedSlot[] Read()
    {
        if (_added.Count > 0 || _removed.Count > 0) Merge();
        return _ordered;
    }

    private void Merge()
    {
        IndexedSlot[] added = [.. _added.Where(entry => !_removed.ContainsKey(entry.Id))];
        Array.Sort(added, order);
        int[] removed = [.. _removed.Values.Select(entry => Array.BinarySearch(_ordered, entry, order)).Where(at => at >= 0).Order()];
        _added.Clear();
        _removed.Clear();

        var merged = new IndexedSlot[_ordered.Length + added.Length - removed.Length];
        int read = 0;
        int written = 0;
        int nextAdded = 0;
        int nextRemoved = 0;
        while (true)
        {
            int addAt = nextAdded < added.Length ? ~Array.BinarySearch(_ordered, added[nextAdded], order) : int.MaxValue;
            int removeAt = nextRemoved < removed.Length ? removed[nextRemoved] : int.MaxValue;
            int stop = Math.Min(_ordered.Length, Math.Min(addAt, removeAt));
            Array.Copy(_ordered, read, merged, written, stop - read);
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

        _ordered = merged;
    }
}
