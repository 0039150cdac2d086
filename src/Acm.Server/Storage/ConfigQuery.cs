using System.Runtime.InteropServices;
using System.Text;

namespace Acm.Server.Storage;

/// <summary>What to look for among the formal versions; conditions of several kinds must all hold.</summary>
internal sealed record ConfigQuery
{
    public TextMatch Tenant { get; init; } = TextMatch.Equal("");

    /// <summary>Says of a namespace whether the caller may see what is in it: a pattern matches those of others too.</summary>
    public Func<string, bool> IsVisible { get; init; } = static _ => true;

    public TextMatch Group { get; init; }

    public TextMatch DataId { get; init; }

    public TextMatch AppName { get; init; }

    public TextMatch Content { get; init; }

    /// <summary>One of these must be among the tags; a configuration that has several is found as often.</summary>
    public IReadOnlyList<TextMatch> Tags { get; init; } = [];

    /// <summary>One of these must be the type; empty for any.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>How many of what is found are left out before the first.</summary>
    public long Skip { get; init; }

    public int Take { get; init; } = int.MaxValue;

    /// <summary>By data id first, then by age.</summary>
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

    // Of candidates in the right order only those of the page are kept.
    private SearchPage Cut(ReadOnlySpan<IndexedSlot> candidates, ConfigStore store)
    {
        var page = new List<KeySlot>();
        int total = 0;
        TextMatch dataId = DataId;
        bool asksForMore = AsksForMoreThanNames;
        foreach (ref readonly IndexedSlot candidate in candidates)
        {
            if (!dataId.Matches(candidate.DataId)) continue;

            for (int times = asksForMore ? Times(candidate.Slot, store) : 1; times > 0; times--)
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
        bool asksForMore = AsksForMoreThanNames;
        foreach (ref readonly IndexedSlot candidate in candidates)
        {
            if (!dataId.Matches(candidate.DataId)) continue;

            for (int times = asksForMore ? Times(candidate.Slot, store) : 1; times > 0; times--) found.Add(candidate);
        }

        return found;
    }

    // A character that stands for invalid bytes is found in the decoded text only.
    private byte[] ContentLiteral => field ??= Content.LongestLiteral is var literal && literal.Contains('\uFFFD') ? [] : Encoding.UTF8.GetBytes(literal);

    // Looking at a configuration for what nobody asked takes most of the time where there are very many.
    private bool AsksForMoreThanNames => !Group.MatchesAll || !AppName.MatchesAll || Types.Count > 0 || Tags.Count > 0 || !Content.MatchesAll;

    /// <summary>How often a configuration is found whose data ID matches.</summary>
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

        // Last, for it may have to be read from the disk.
        return times > 0 && (Content.MatchesAll || ContentMatches(entry, store)) ? times : 0;
    }

    private bool ContentMatches(ConfigEntry entry, ConfigStore store) => store.TextWith(entry, ContentLiteral) is { } text && Content.Matches(text);
}
