namespace Acm.Server.Storage;

/// <summary>A configuration in an index. The id tells it from a later one of the same key.</summary>
internal readonly record struct IndexedSlot(long Id, KeySlot Slot)
{
    public static Comparer<IndexedSlot> ByAge { get; } = Comparer<IndexedSlot>.Create(static (left, right) => left.Id.CompareTo(right.Id));

    /// <summary>By data ID, ordinally; configurations of one data ID by age.</summary>
    public static Comparer<IndexedSlot> ByDataId { get; } = Comparer<IndexedSlot>.Create(static (left, right) =>
    {
        int byName = string.CompareOrdinal(left.Slot.Key.DataId, right.Slot.Key.DataId);
        return byName != 0 ? byName : left.Id.CompareTo(right.Id);
    });

    /// <summary>By group, then by data ID, ordinally.</summary>
    public static Comparer<IndexedSlot> ByGroup { get; } = Comparer<IndexedSlot>.Create(static (left, right) =>
    {
        int byGroup = string.CompareOrdinal(left.Slot.Key.Group, right.Slot.Key.Group);
        return byGroup != 0 ? byGroup : ByDataId.Compare(left, right);
    });

    /// <summary>The slots of a part of a list that may be shorter.</summary>
    public static KeySlot[] Slots(ReadOnlySpan<IndexedSlot> entries, long skip, int take)
    {
        ReadOnlySpan<IndexedSlot> part = Part(entries, skip, take);
        var slots = new KeySlot[part.Length];
        for (int i = 0; i < slots.Length; i++) slots[i] = part[i].Slot;
        return slots;
    }

    /// <summary>A part of a list that may be shorter.</summary>
    public static ReadOnlySpan<IndexedSlot> Part(ReadOnlySpan<IndexedSlot> entries, long skip, int take) =>
        skip >= entries.Length ? [] : entries.Slice((int)skip, (int)Math.Min(take, entries.Length - skip));
}
