namespace Acm.Server.Storage;

/// <summary>
/// The configurations of a namespace by what searches ask for. A search with one condition is answered from its list, one with several
/// looks through the shortest of their lists. Contents have no index. Not thread-safe.
/// </summary>
internal sealed class SearchIndex
{
    // A longer list is not worth being put into the order of the names: the list of all names is gone through instead.
    private const int FewerTimes = 8;

    private readonly SlotList _all = new();
    private readonly NameOrder _byDataId = new(IndexedSlot.ByDataId);
    private readonly Postings<string> _groups = new();
    private readonly Postings<string> _applications = new();
    private readonly Postings<string> _types = new();
    private readonly Postings<string> _tags = new();
    private Trigrams? _trigrams;

    /// <summary>Follows a change of a formal version.</summary>
    public void Change(KeySlot slot, ConfigEntry? before, ConfigEntry? after)
    {
        if (before is not null && before.Id != after?.Id)
        {
            var entry = new IndexedSlot(before.Id, slot);
            _all.Remove(entry);
            _byDataId.Remove(entry);
            _groups.Remove(slot.Key.Group, entry);
            _trigrams?.Remove(entry);
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
            _trigrams?.Add(current);
        }

        SetMetadata(current, before?.Metadata ?? ConfigMetadata.None, after.Metadata);
    }

    /// <summary>What may match, from the shortest list that has all of it.</summary>
    public Candidates Find(ConfigQuery query)
    {
        var sources = new List<Source>();
        if (!query.DataId.MatchesAll) sources.Add(OfDataId(query.DataId));
        if (!query.Group.MatchesAll) sources.Add(Of(_groups, query.Group));
        if (!query.AppName.MatchesAll) sources.Add(Of(_applications, query.AppName));
        if (query.Types.Count > 0) sources.Add(Of(_types, [.. query.Types.Distinct().Select(TextMatch.Equal)]));

        // A configuration that has several of the tags is found as often.
        if (query.Tags.Count > 0) sources.Add(Of(_tags, [.. query.Tags.Distinct()]) with { IsExact = false });

        Source source = sources.Count > 0 ? sources.MinBy(candidate => candidate.Count)! : All(query.ByName);
        bool isInOrder = source.IsByDataId == query.ByName || source.IsBothOrders;
        bool isAnswer = sources.Count <= 1 && source.IsExact && isInOrder && query.Content.MatchesAll;
        return isAnswer
            ? new Candidates(source.Read(query.Skip, query.Take), source.Count, query.ByName)
            : new Candidates(source.Read(0, int.MaxValue), null, isInOrder ? query.ByName : source.IsByDataId);
    }

    private static Source Of(Postings<string> postings, params ReadOnlySpan<TextMatch> conditions)
    {
        var lists = new List<SlotList>();
        foreach (TextMatch condition in conditions)
        {
            if (condition.Exact is not { } value) lists.AddRange(postings.Where(condition.Matches));
            else if (postings.Find(value) is { } list) lists.Add(list);
        }

        return lists.Count == 1 ? Of(lists[0]) : new Source(lists.Sum(list => list.Count), (_, _) => Union(lists)) { IsExact = lists.Count == 0 };
    }

    private static Source Of(SlotList list) => new(list.Count, (skip, take) => IndexedSlot.Part(list.Entries, skip, take).ToArray());

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

    // The place of the first name that has the prefix, or of the first one behind those.
    private static int Bound(IndexedSlot[] names, string prefix, bool isWhole, bool behind)
    {
        int low = 0;
        int high = names.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            string name = names[middle].DataId;
            int compared = isWhole ? string.CompareOrdinal(name, prefix) : string.CompareOrdinal(name, 0, prefix, 0, prefix.Length);
            if (compared < 0 || (behind && compared == 0)) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static string[] Tags(ConfigMetadata metadata) => metadata.Tags?.Split(',') ?? [];

    private static void Set(Postings<string> postings, IndexedSlot entry, ReadOnlySpan<string> before, ReadOnlySpan<string> after)
    {
        foreach (string value in before)
        {
            if (!after.Contains(value)) postings.Remove(value, entry);
        }

        foreach (string value in after) postings.Add(value, entry);
    }

    private static void Set(Postings<string> postings, IndexedSlot entry, string? before, string? after)
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

    private Source All(bool byDataId) => byDataId
        ? OfNames(_byDataId.Read(), 0, _byDataId.Read().Length)
        : Of(_all);

    // The array of the names is never changed, and need not be copied.
    private static Source OfNames(IndexedSlot[] names, int first, int end) => new(end - first, (skip, take) =>
    {
        int count = IndexedSlot.Part(names.AsSpan(first, end - first), skip, take).Length;
        return count == 0 ? default : names.AsMemory(first + (int)skip, count);
    })
    { IsByDataId = true };

    private Source OfDataId(TextMatch match)
    {
        IndexedSlot[] names = _byDataId.Read();
        bool isWhole = match.Exact is not null;
        int first = Bound(names, match.Prefix, isWhole, behind: false);
        int end = Bound(names, match.Prefix, isWhole, behind: true);
        Source range = OfNames(names, first, end) with { IsExact = isWhole || match.IsPrefix, IsBothOrders = isWhole };
        string literal = match.LongestLiteral;
        if (range.IsExact || literal.Length < Trigrams.Length) return range;

        // Made when the first search needs it: most servers are never asked for the middle of a name.
        _trigrams ??= new Trigrams(_all.Entries);
        SlotList? list = _trigrams.Narrowest(literal);
        if (list is null) return new Source(0, static (_, _) => default);
        return list.Count < range.Count / FewerTimes ? Of(list) with { IsExact = false } : range;
    }

    /// <summary>A list that has all that meets one condition.</summary>
    /// <param name="Count">How long it is.</param>
    /// <param name="Read">Gives a part of it that is never changed.</param>
    private sealed record Source(int Count, Func<long, int, ReadOnlyMemory<IndexedSlot>> Read)
    {
        /// <summary>It has nothing else.</summary>
        public bool IsExact { get; init; } = true;

        public bool IsByDataId { get; init; }

        /// <summary>All have the same data ID, so that the two orders are one.</summary>
        public bool IsBothOrders { get; init; }
    }
}
