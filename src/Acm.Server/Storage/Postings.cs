namespace Acm.Server.Storage;

/// <summary>An inverted index: the configurations with each value. Not thread-safe.</summary>
internal sealed class Postings
{
    private readonly Dictionary<string, SlotList> _lists = new(StringComparer.Ordinal);

    public void Add(string value, IndexedSlot entry)
    {
        if (!_lists.TryGetValue(value, out SlotList? list)) _lists[value] = list = new SlotList();
        list.Add(entry);
    }

    public void Remove(string value, IndexedSlot entry)
    {
        if (!_lists.TryGetValue(value, out SlotList? list)) return;

        list.Remove(entry);
        if (list.Count == 0) _lists.Remove(value);
    }

    public SlotList? Find(string value) => _lists.GetValueOrDefault(value);

    /// <summary>Returns the lists of the values that meet a condition. It scans all values, of which there are few.</summary>
    public IEnumerable<SlotList> Where(Func<string, bool> condition) => _lists.Where(list => condition(list.Key)).Select(list => list.Value);
}
