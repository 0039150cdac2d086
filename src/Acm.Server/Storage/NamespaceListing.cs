namespace Acm.Server.Storage;

/// <summary>
/// The keys of one namespace, ordered by name and by age. Changes gather and are merged when the next page is asked for, so that
/// neither a burst of new keys nor reading page after page costs more than the keys themselves.
/// </summary>
internal sealed class NamespaceListing
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ConfigKey, KeySlot?> _pending = [];
    private readonly List<KeySlot> _added = [];
    private KeySlot[] _byName = [];
    private KeySlot[] _byAge = [];
    private int _count;

    /// <summary>How many configurations the namespace has.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Null takes the key off the list.</summary>
    public void Set(ConfigKey key, KeySlot? slot)
    {
        lock (_lock)
        {
            _pending[key] = slot;
            _count += slot is null ? -1 : 1;

            // Behind the older ones: who was taken off and comes back is young again.
            if (slot is not null) _added.Add(slot);
        }
    }

    public NamespacePage Page(int page, int pageSize)
    {
        KeySlot[] ordered = ByName();
        long first = (page - 1L) * pageSize;
        return first >= ordered.Length
            ? new NamespacePage(ordered.Length, [])
            : new NamespacePage(ordered.Length, new ArraySegment<KeySlot>(ordered, (int)first, (int)Math.Min(pageSize, ordered.Length - first)));
    }

    /// <summary>Group by group, ordinally; the array is never changed.</summary>
    public KeySlot[] ByName()
    {
        lock (_lock)
        {
            if (_pending.Count > 0) Merge();
            return _byName;
        }
    }

    /// <summary>In the order in which they were made; the array is never changed.</summary>
    public KeySlot[] ByAge()
    {
        lock (_lock)
        {
            if (_pending.Count > 0) Merge();
            return _byAge;
        }
    }

    private static int Compare(ConfigKey left, ConfigKey right)
    {
        int byGroup = string.CompareOrdinal(left.Group, right.Group);
        return byGroup != 0 ? byGroup : string.CompareOrdinal(left.DataId, right.DataId);
    }

    private void Merge()
    {
        // Before _byName is made anew: it tells which of the older ones stay where they are.
        HashSet<ConfigKey> changed = [.. _pending.Keys];
        var added = new HashSet<KeySlot>(_added.Where(slot => _pending.GetValueOrDefault(slot.Key) == slot));
        _byAge = [.. _byAge.Where(slot => !changed.Contains(slot.Key)), .. _added.Where(added.Remove)];
        _added.Clear();

        KeyValuePair<ConfigKey, KeySlot?>[] changes = [.. _pending];
        Array.Sort(changes, static (left, right) => Compare(left.Key, right.Key));
        _pending.Clear();

        var merged = new List<KeySlot>(_byName.Length + changes.Length);
        int old = 0;
        foreach ((ConfigKey key, KeySlot? slot) in changes)
        {
            while (old < _byName.Length && Compare(_byName[old].Key, key) < 0) merged.Add(_byName[old++]);
            if (old < _byName.Length && _byName[old].Key == key) old++;
            if (slot is not null) merged.Add(slot);
        }

        merged.AddRange(_byName.AsSpan(old));
        _byName = [.. merged];
    }
}
