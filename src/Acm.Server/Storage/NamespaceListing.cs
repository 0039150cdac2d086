namespace Acm.Server.Storage;

/// <summary>The configurations of one namespace: listed by name, and found by what searches ask for.</summary>
internal sealed class NamespaceListing
{
    private readonly Lock _lock = new();
    private readonly NameOrder _byGroup = new(IndexedSlot.ByGroup);
    private readonly SearchIndex _search = new();
    private int _count;

    /// <summary>How many configurations the namespace has.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Follows a change of a formal version.</summary>
    public void Change(KeySlot slot, ConfigEntry? before, ConfigEntry? after)
    {
        lock (_lock)
        {
            _search.Change(slot, before, after);
            if (before?.Id == after?.Id) return;

            if (before is not null) _byGroup.Remove(new IndexedSlot(before.Id, slot));
            if (after is not null) _byGroup.Add(new IndexedSlot(after.Id, slot));
            _count += (after is null ? 0 : 1) - (before is null ? 0 : 1);
        }
    }

    /// <summary>A page of all, group by group.</summary>
    public NamespacePage Page(int page, int pageSize)
    {
        IndexedSlot[] ordered;
        lock (_lock) ordered = _byGroup.Read().Entries;
        return new NamespacePage(ordered.Length, IndexedSlot.Slots(IndexedSlot.Part(ordered, (page - 1L) * pageSize, pageSize)));
    }

    /// <summary>What a search has to look at; no later change shows in it, and looking holds up none.</summary>
    public Candidates Find(ConfigQuery query)
    {
        Func<Candidates> search;
        lock (_lock) search = _search.Prepare(query);
        return search();
    }
}
