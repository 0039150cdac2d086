namespace Acm.Server.Storage;

/// <summary>The list and the search index of a namespace.</summary>
internal sealed class NamespaceListing
{
    private readonly Lock _lock = new();
    private readonly NameOrder _byGroup = new(IndexedSlot.ByGroup);
    private readonly SearchIndex _search = new();
    private int _count;

    /// <summary>Gets the number of configurations.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Applies a change of a formal version.</summary>
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

    /// <summary>Returns a page of the configurations, ordered by group.</summary>
    public SearchPage Page(int page, int pageSize)
    {
        IndexedSlot[] ordered;
        lock (_lock) ordered = _byGroup.Read().Entries;
        return new SearchPage(ordered.Length, IndexedSlot.Slots(IndexedSlot.Part(ordered, (page - 1L) * pageSize, pageSize)));
    }

    /// <summary>Returns the candidates of a search as an immutable snapshot.</summary>
    public Candidates Find(ConfigQuery query)
    {
        Func<Candidates> search;
        lock (_lock) search = _search.Prepare(query);
        return search();
    }
}
