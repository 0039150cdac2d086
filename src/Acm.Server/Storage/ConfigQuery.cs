using System.Runtime.InteropServices;
using System.Text;

namespace Acm.Server.Storage;

/// <summary>A search for formal versions, which must meet all conditions.</summary>
internal sealed record ConfigQuery
{
    public TextMatch Tenant { get; init; } = TextMatch.Equal("");

    /// <summary>Gets the function that returns whether the caller may read a namespace.</summary>
    public Func<string, bool> IsVisible { get; init; } = static _ => true;

    public TextMatch Group { get; init; }

    public TextMatch DataId { get; init; }

    public TextMatch AppName { get; init; }

    public TextMatch Content { get; init; }

    /// <summary>Gets the conditions for tags, one of which must match. A configuration is returned once for each matching tag, as in Nacos.</summary>
    public IReadOnlyList<TextMatch> Tags { get; init; } = [];

    /// <summary>Gets the allowed types; empty for any.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Gets the number of results to skip.</summary>
    public long Skip { get; init; }

    public int Take { get; init; } = int.MaxValue;

    /// <summary>Gets whether results are ordered by data ID and age; otherwise by age.</summary>
    public bool ByName { get; init; }

    public SearchPage Run(ConfigStore store)
    {
        if (Tenant.Exact is not { } tenant) return RunEverywhere(store);
        if (!IsVisible(tenant)) return SearchPage.Empty;

        if (Group.Exact is { } group && DataId.Exact is { } dataId)
        {
            KeySlot? slot = store.Index.FindSlot(new ConfigKey(tenant, group, dataId));
            return slot?.Current is { } entry ? Cut([new IndexedSlot(entry.Id, slot)], store) : SearchPage.Empty;
        }

        if (store.Index.Listing(tenant) is not { } listing) return SearchPage.Empty;

        Candidates candidates = listing.Find(this);
        if (candidates.Total is { } total) return new SearchPage(total, IndexedSlot.Slots(candidates.Entries.Span));

        return candidates.IsByDataId == ByName ? Cut(candidates.Entries.Span, store) : Sort(Matching(candidates.Entries.Span, store));
    }

    private SearchPage RunEverywhere(ConfigStore store)
    {
        ConfigQuery all = this with { Skip = 0, Take = int.MaxValue };
        var found = new List<IndexedSlot>();
        foreach ((string tenant, NamespaceListing listing) in store.Index.Listings)
        {
            if (!Tenant.Matches(tenant) || !IsVisible(tenant)) continue;

            Candidates candidates = listing.Find(all);
            if (candidates.Total is null) found.AddRange(Matching(candidates.Entries.Span, store));
            else found.AddRange(candidates.Entries.Span);
        }

        return Sort(found);
    }

    private SearchPage Sort(List<IndexedSlot> found)
    {
        found.Sort(ByName ? IndexedSlot.ByDataId : IndexedSlot.ByAge);
        return new SearchPage(found.Count, IndexedSlot.Slots(IndexedSlot.Part(CollectionsMarshal.AsSpan(found), Skip, Take)));
    }

    // The candidates are in the right order, so only those of the page are kept.
    private SearchPage Cut(ReadOnlySpan<IndexedSlot> candidates, ConfigStore store)
    {
        var page = new List<KeySlot>();
        int total = 0;
        TextMatch dataId = DataId;
        bool hasOtherConditions = HasOtherConditions;
        foreach (ref readonly IndexedSlot candidate in candidates)
        {
            if (!dataId.Matches(candidate.DataId)) continue;

            for (int times = hasOtherConditions ? Times(candidate.Slot, store) : 1; times > 0; times--)
            {
                if (total >= Skip && page.Count < Take) page.Add(candidate.Slot);
                total++;
            }
        }

        return new SearchPage(total, page);
    }

    private List<IndexedSlot> Matching(ReadOnlySpan<IndexedSlot> candidates, ConfigStore store)
    {
        var found = new List<IndexedSlot>();
        TextMatch dataId = DataId;
        bool hasOtherConditions = HasOtherConditions;
        foreach (ref readonly IndexedSlot candidate in candidates)
        {
            if (!dataId.Matches(candidate.DataId)) continue;

            for (int times = hasOtherConditions ? Times(candidate.Slot, store) : 1; times > 0; times--) found.Add(candidate);
        }

        return found;
    }

    // The replacement character only exists in the decoded text.
    private byte[] ContentLiteral => field ??= Content.LongestLiteral is var literal && literal.Contains('\uFFFD') ? [] : Encoding.UTF8.GetBytes(literal);

    // Checking unused conditions would take most of the time of a search with very many configurations.
    private bool HasOtherConditions => !Group.MatchesAll || !AppName.MatchesAll || Types.Count > 0 || Tags.Count > 0 || !Content.MatchesAll;

    /// <summary>Returns how often a configuration with a matching data ID is in the results.</summary>
    private int Times(KeySlot slot, ConfigStore store)
    {
        if (!Group.Matches(slot.Key.Group) || slot.Current is not { } entry) return 0;
        if (!AppName.Matches(entry.Metadata.AppName)) return 0;
        if (Types.Count > 0 && !Types.Contains(entry.Metadata.Type)) return 0;

        int times = 1;
        if (Tags.Count > 0)
        {
            string[] tags = entry.Metadata.Tags?.Split(',') ?? [];
            times = tags.Count(tag => Tags.Any(wanted => wanted.Matches(tag)));
        }

        // Last, because the content may have to be read from the disk.
        return times > 0 && (Content.MatchesAll || ContentMatches(entry, store)) ? times : 0;
    }

    private bool ContentMatches(ConfigEntry entry, ConfigStore store) => store.TextWith(entry, ContentLiteral) is { } text && Content.Matches(text);
}
