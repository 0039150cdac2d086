namespace Acm.Server.Storage;

/// <summary>
/// The configurations of a namespace by what searches ask for. A search with one condition is answered from its list, one with several
/// looks through the shortest of their lists. Contents have no index. Not thread-safe.
/// </summary>
internal sealed class SearchIndex
{
    // So many names are gone through while one entry of a list is looked at and put into the order of the names.
    private const int NamesForOneEntry = 8;

    private readonly SlotList _all = new();
    private readonly NameOrder _byDataId = new(IndexedSlot.ByDataId);
    private readonly Postings _groups = new();
    private readonly Postings _applications = new();
    private readonly Postings _types = new();
    private readonly Postings _tags = new();

    /// <summary>Follows a change of a formal version.</summary>
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

    /// <summary>Chooses the shortest list that has all of what may match. Lists that change are read now; names, which take longer, when the search is run.</summary>
    public Func<Candidates> Prepare(ConfigQuery query)
    {
        var sources = new List<Source>();
        if (!query.DataId.MatchesAll) sources.Add(OfDataId(query.DataId));
        if (!query.Group.MatchesAll) sources.Add(Of(_groups, query.Group));
        if (!query.AppName.MatchesAll) sources.Add(Of(_applications, query.AppName));
        if (query.Types.Count > 0) sources.Add(Of(_types, [.. query.Types.Distinct().Select(TextMatch.Equal)]));

        // A configuration that has several of the tags is found as often.
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

    // A configuration that is on several lists comes once.
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

        // Nobody searches for the many that name no application.
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

    /// <summary>A list that has all that meets one condition.</summary>
    /// <param name="Cost">What is to be looked at, in entries.</param>
    /// <param name="Read">Gives a part of it that is never changed, and how long it is.</param>
    private sealed record Source(int Cost, Func<long, int, (ReadOnlyMemory<IndexedSlot> Entries, int Total)> Read)
    {
        /// <summary>It has nothing else.</summary>
        public bool IsExact { get; init; } = true;

        /// <summary>In the order of the data IDs, and never changed.</summary>
        public bool IsByDataId { get; init; }

        /// <summary>All have the same data ID, so that the two orders are one.</summary>
        public bool IsBothOrders { get; init; }
    }
}
