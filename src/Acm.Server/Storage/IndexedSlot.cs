namespace Acm.Server.Storage;

/// <summary>A configuration in an index. The ID distinguishes it from a later configuration with the same key.</summary>
internal readonly record struct IndexedSlot(long Id, KeySlot Slot)
{
    /// <summary>Gets the data ID; copied from the slot, so that scanning very many names does not access the slots.</summary>
    public string DataId { get; } = Slot.Key.DataId;

    public static Comparer<IndexedSlot> ByAge { get; } = Comparer<IndexedSlot>.Create(static (left, right) => left.Id.CompareTo(right.Id));

    /// <summary>Gets the ordinal order by data ID, and by age for the same data ID.</summary>
    public static Comparer<IndexedSlot> ByDataId { get; } = Comparer<IndexedSlot>.Create(static (left, right) =>
    {
        int byName = string.CompareOrdinal(left.DataId, right.DataId);
        return byName != 0 ? byName : left.Id.CompareTo(right.Id);
    });

    /// <summary>Gets the ordinal order by group and data ID.</summary>
    public static Comparer<IndexedSlot> ByGroup { get; } = Comparer<IndexedSlot>.Create(static (left, right) =>
    {
        int byGroup = string.CompareOrdinal(left.Slot.Key.Group, right.Slot.Key.Group);
        return byGroup != 0 ? byGroup : ByDataId.Compare(left, right);
    });

    public static KeySlot[] Slots(ReadOnlySpan<IndexedSlot> entries)
    {
        var slots = new KeySlot[entries.Length];
        for (int i = 0; i < slots.Length; i++) slots[i] = entries[i].Slot;
        return slots;
    }

    /// <summary>Returns a part of a list, truncated at its end.</summary>
    public static ReadOnlySpan<IndexedSlot> Part(ReadOnlySpan<IndexedSlot> entries, long skip, int take) =>
        skip >= entries.Length ? [] : entries.Slice((int)skip, (int)Math.Min(take, entries.Length - skip));
}
