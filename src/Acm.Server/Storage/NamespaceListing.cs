namespace Acm.Server.Storage;

/// <summary>
/// The keys of one namespace in order. Changes gather and are merged when the next page is asked for, so that neither a burst
/// of new keys nor reading page after page costs more than the keys themselves.
/// </summary>
internal sealed class NamespaceListing
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ConfigKey, KeySlot?> _pending = [];
    private KeySlot[] _ordered = [];

    /// <summary>Null takes the key off the list.</summary>
    public void Set(ConfigKey key, KeySlot? slot)
    {
        lock (_lock)
        {
            _pending[key] = slot;
        }
    }

    public NamespacePage Page(int page, int pageSize)
    {
        KeySlot[] ordered;
        lock (_lock)
        {
            if (_pending.Count > 0) Merge();
            ordered = _ordered;
        }

        long first = (page - 1L) * pageSize;
        return first >= ordered.Length
            ? new NamespacePage(ordered.Length, [])
            : new NamespacePage(ordered.Length, new ArraySegment<KeySlot>(ordered, (int)first, (int)Math.Min(pageSize, ordered.Length - first)));
    }

    private static int Compare(ConfigKey left, ConfigKey right)
    {
        int byGroup = string.CompareOrdinal(left.Group, right.Group);
        return byGroup != 0 ? byGroup : string.CompareOrdinal(left.DataId, right.DataId);
    }

    private void Merge()
    {
        KeyValuePair<ConfigKey, KeySlot?>[] changes = [.. _pending];
        Array.Sort(changes, static (left, right) => Compare(left.Key, right.Key));
        _pending.Clear();

        var merged = new List<KeySlot>(_ordered.Length + changes.Length);
        int old = 0;
        foreach ((ConfigKey key, KeySlot? slot) in changes)
        {
            while (old < _ordered.Length && Compare(_ordered[old].Key, key) < 0) merged.Add(_ordered[old++]);
            if (old < _ordered.Length && _ordered[old].Key == key) old++;
            if (slot is not null) merged.Add(slot);
        }

        merged.AddRange(_ordered.AsSpan(old));
        _ordered = [.. merged];
    }
}
