namespace Acm.Server.Storage;

/// <summary>For each three characters in a row the configurations whose data ID has them. Not thread-safe.</summary>
internal sealed class Trigrams
{
    /// <summary>Shorter texts are not found by it.</summary>
    public const int Length = 3;

    private readonly Postings<ulong> _postings = new();

    public Trigrams(ReadOnlySpan<IndexedSlot> entries)
    {
        foreach (IndexedSlot entry in entries) Add(entry);
    }

    public void Add(IndexedSlot entry)
    {
        foreach (ulong trigram in Of(entry.Slot.Key.DataId)) _postings.Add(trigram, entry);
    }

    public void Remove(IndexedSlot entry)
    {
        foreach (ulong trigram in Of(entry.Slot.Key.DataId)) _postings.Remove(trigram, entry);
    }

    /// <summary>The shortest of the lists that hold all data IDs with this text in them; null where no data ID has it.</summary>
    public SlotList? Narrowest(string text)
    {
        SlotList? narrowest = null;
        foreach (ulong trigram in Of(text))
        {
            if (_postings.Find(trigram) is not { } list) return null;
            if (narrowest is null || list.Count < narrowest.Count) narrowest = list;
        }

        return narrowest;
    }

    private static HashSet<ulong> Of(string text)
    {
        var trigrams = new HashSet<ulong>();
        for (int i = 0; i + Length <= text.Length; i++) trigrams.Add(((ulong)text[i] << 32) | ((ulong)text[i + 1] << 16) | text[i + 2]);
        return trigrams;
    }
}
