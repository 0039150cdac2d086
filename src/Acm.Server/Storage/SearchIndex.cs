namespace Acm.Server.Storage;

/// <summary>
/// The search index of a namespace. A search with one condition uses the list of that condition; a search with several conditions
/// scans the shortest of their lists. Contents are not indexed. Not thread-safe.
/// </summary>
internal sealed class SearchIndex
{
    // The number of names that are scanned in the time of checking and sorting one entry of a list (measured).
    private const int NamesForOneEntry = 8;

    private readonly SlotList _all = new();
    private readonly NameOrder _byDataId = new(IndexedSlot.ByDataId);
    private readonly Postings _groups = new();
    private readonly Postings _applications = new();
    private readonly Postings _types = new();
    private readonly Postings _tags = new();

    /// <summary>Applies a change of a formal version.</summary>
    public void Change(KeySlot slot, ConfigEntry? before, ConfigEntry? after)
    {
        if (before is not null && before.Id != after?.Id)
        {
            var entry = new IndexedSlot(before.Id, slot);
            _all.Remove(entry);
            _byDataId.Remove(entry);
            _groups.Remove(slot.Key.Group, entry);
            SetMetadata(entry, before.Metadata, ConfigMetadata.None);
            before = null;
        }

        if (after is null) return;

        var current = new IndexedSlot(after.Id, slot);
        if (before is null)
        {
            _all.Add(current);
            _byDataId.Add(current);
            _groups.Add(slot.Key.Group, current);
        }

        SetMetadata(current, before?.Metadata ?? ConfigMetadata.None, after.Metadata);
    }

    /// <summary>Selects the shortest list that contains all possible matches. Mutable lists are read immediately; the immutable name list, which takes longer, when the returned function is called.</summary>
    public Func<Candidates> Prepare(ConfigQuery query)
    {
        var sources = new List<Source>();
        if (!query.DataId.MatchesAll) sources.Add(OfDataId(query.DataId));
        if (!query.Group.MatchesAll) sources.Add(Of(_groups, query.Group));
        if (!query.AppName.MatchesAll) sources.Add(Of(_applications, query.AppName));
        if (query.Types.Count > 0) sources.Add(Of(_types, [.. query.Types.Distinct().Select(TextMatch.Equal)]));

        // A configuration is returned once for each matching tag.
        if (query.Tags.Count > 0) sources.Add(Of(_tags, [.. query.Tags.Distinct()]) with { IsExact = false });

        Source source = sources.Count > 0 ? sources.MinBy(candidate => candidate.Cost)! : All(query.ByName);
        bool isInOrder = source.IsByDataId == query.ByName || source.IsBothOrders;
        bool isAnswer = sources.Count <= 1 && source.IsExact && isInOrder && query.Content.MatchesAll;
        bool isByDataId = isInOrder ? query.ByName : source.IsByDataId;
        (long skip, int take) = isAnswer ? (query.Skip, query.Take) : (0, int.MaxValue);
        if (source.IsByDataId) return Read;

        Candidates candidates = Read();
        return () => candidates;

        Candidates Read()
        {
            (ReadOnlyMemory<IndexedSlot> entries, int total) = source.Read(skip, take);
            return new Candidates(entries, isAnswer ? total : null, isByDataId);
        }
    }

    private static Source Of(Postings postings, params ReadOnlySpan<TextMatch> conditions)
    {
        var lists = new List<SlotList>();
        foreach (TextMatch condition in conditions)
        {
            if (condition.Exact is not { } value) lists.AddRange(postings.Where(condition.Matches));
            else if (postings.Find(value) is { } list) lists.Add(list);
        }

        if (lists.Count == 1) return Of(lists[0]);

        int count = lists.Sum(list => list.Count);
        return new Source(count, (_, _) => (Union(lists), count)) { IsExact = lists.Count == 0 };
    }

    private static Source Of(SlotList list) => new(list.Count, (skip, take) => (IndexedSlot.Part(list.Entries, skip, take).ToArray(), list.Count));

    // Removes duplicates.
    private static IndexedSlot[] Union(List<SlotList> lists)
    {
        var entries = new Dictionary<long, IndexedSlot>();
        foreach (SlotList list in lists)
        {
            foreach (IndexedSlot entry in list.Entries) entries[entry.Id] = entry;
        }

        IndexedSlot[] union = [.. entries.Values];
        Array.Sort(union, IndexedSlot.ByAge);
        return union;
    }

    private static string[] Tags(ConfigMetadata metadata) => metadata.Tags?.Split(',') ?? [];

    private static void Set(Postings postings, IndexedSlot entry, ReadOnlySpan<string> before, ReadOnlySpan<string> after)
    {
        foreach (string value in before)
        {
            if (!after.Contains(value)) postings.Remove(value, entry);
        }

        foreach (string value in after) postings.Add(value, entry);
    }

    private static void Set(Postings postings, IndexedSlot entry, string? before, string? after)
    {
        if (before == after) return;
        if (before is not null) postings.Remove(before, entry);
        if (after is not null) postings.Add(after, entry);
    }

    private void SetMetadata(IndexedSlot entry, ConfigMetadata before, ConfigMetadata after)
    {
        Set(_types, entry, before.Type, after.Type);
        if (before.Tags != after.Tags) Set(_tags, entry, Tags(before), Tags(after));

        // An empty application name is not a search condition.
        Set(_applications, entry, before.AppName.Length > 0 ? before.AppName : null, after.AppName.Length > 0 ? after.AppName : null);
    }

    private Source All(bool byDataId)
    {
        if (!byDataId) return Of(_all);

        NameList names = _byDataId.Read();
        return OfNames(names, 0, names.Entries.Length);
    }

    private static Source OfNames(NameList names, int first, int end) =>
        new(end - first, (skip, take) => (names.Part(first, end, skip, take), end - first)) { IsByDataId = true };

    private Source OfDataId(TextMatch match)
    {
        NameList names = _byDataId.Read();
        bool isWhole = match.Exact is not null;
        int first = names.Bound(match.Prefix, isWhole, behind: false);
        int end = names.Bound(match.Prefix, isWhole, behind: true);
        if (isWhole || match.IsPrefix) return OfNames(names, first, end) with { IsBothOrders = isWhole };

        return new Source((end - first) / NamesForOneEntry, (skip, take) => names.Find(match, first, end, skip, take)) { IsByDataId = true };
    }

    /// <summary>A list that contains all entries that meet a condition.</summary>
    /// <param name="Cost">The estimated cost of a scan, in entries.</param>
    /// <param name="Read">Returns an immutable page, and the length of the list.</param>
    private sealed record Source(int Cost, Func<long, int, (ReadOnlyMemory<IndexedSlot> Entries, int Total)> Read)
    {
        /// <summary>Gets whether the list contains no other entries.</summary>
        public bool IsExact { get; init; } = true;

        /// <summary>Gets whether the list is ordered by data ID and immutable.</summary>
        public bool IsByDataId { get; init; }

        /// <summary>Gets whether all entries have the same data ID, so that both orders are the same.</summary>
        public bool IsBothOrders { get; init; }
    }
}
