namespace Acm.Server.Storage;

/// <summary>What to look for among the formal versions; conditions of several kinds must all hold.</summary>
internal sealed record ConfigQuery
{
    public TextMatch Tenant { get; init; } = TextMatch.Equal("");

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
        if (Tenant.Exact is { } tenant && Group.Exact is { } group && DataId.Exact is { } dataId)
        {
            KeySlot? slot = store.Index.FindSlot(new ConfigKey(tenant, group, dataId));
            return Cut(slot is null ? [] : [slot], store);
        }

        if (Tenant.Exact is { } one) return Cut(store.Index.Listing(one)?.ByAge() ?? [], store);

        KeySlot[] all = [.. store.Index.Listings.Where(listing => Tenant.Matches(listing.Key)).SelectMany(listing => listing.Value.ByAge())];
        Array.Sort(all, static (left, right) => (left.Current?.Id ?? 0).CompareTo(right.Current?.Id ?? 0));
        return Cut(all, store);
    }

    private SearchPage Cut(KeySlot[] slots, ConfigStore store)
    {
        // The page that people look at most asks for nothing in particular, and is cut out of the list as it is.
        if (!ByName && Group.IsAny && DataId.IsAny && AppName.IsAny && Content.IsAny && Tags.Count == 0 && Types.Count == 0)
        {
            return new SearchPage(slots.Length, Skip >= slots.Length ? Array.Empty<KeySlot>() : new ArraySegment<KeySlot>(slots, (int)Skip, (int)Math.Min(Take, slots.Length - Skip)));
        }

        var found = new List<KeySlot>();
        foreach (KeySlot slot in slots)
        {
            for (int times = Times(slot, store); times > 0; times--) found.Add(slot);
        }

        if (ByName) found = [.. found.OrderBy(slot => slot.Key.DataId, StringComparer.Ordinal)];
        int first = (int)Math.Min(Skip, found.Count);
        return new SearchPage(found.Count, found.GetRange(first, Math.Min(Take, found.Count - first)));
    }

    private int Times(KeySlot slot, ConfigStore store)
    {
        if (!DataId.Matches(slot.Key.DataId) || !Group.Matches(slot.Key.Group) || slot.Current is not { } entry) return 0;
        if (!AppName.Matches(entry.Metadata.AppName)) return 0;
        if (Types.Count > 0 && !Types.Contains(entry.Metadata.Type)) return 0;

        int times = 1;
        if (Tags.Count > 0)
        {
            string[] tags = entry.Metadata.Tags?.Split(',') ?? [];
            times = tags.Count(tag => Tags.Any(wanted => wanted.Matches(tag)));
        }

        // Last, for it may have to be read from the disk.
        return times > 0 && (Content.IsAny || Content.Matches(store.Text(entry))) ? times : 0;
    }
}
