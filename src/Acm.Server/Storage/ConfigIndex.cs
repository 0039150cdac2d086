using System.Collections.Concurrent;
using Acm.Server.Polling;

namespace Acm.Server.Storage;

/// <summary>Every key that has a value or is watched, in memory; contents come from the cache or the journal.</summary>
internal sealed class ConfigIndex
{
    private const long CacheBudgetBytes = 128L * 1024 * 1024;

    private readonly ConcurrentDictionary<ConfigKey, KeySlot> _slots = new();
    private readonly ConcurrentDictionary<string, NamespaceListing> _listings = new(StringComparer.Ordinal);
    private readonly IJournal _journal;
    private readonly ContentCache _cache;
    private int _count;

    public ConfigIndex(IJournal journal)
    {
        _journal = journal;
        _cache = new ContentCache(journal.KeepsContents ? CacheBudgetBytes : long.MaxValue);
        foreach ((ConfigKey key, ConfigEntry entry) in journal.ReadCurrent()) Set(key, entry, content: null);
    }

    /// <summary>How many keys have a value.</summary>
    public int Count => Volatile.Read(ref _count);

    public ConfigEntry? Find(ConfigKey key) => _slots.TryGetValue(key, out KeySlot? slot) ? slot.Current : null;

    public byte[] Content(ConfigEntry entry)
    {
        entry.RecentlyRead = true;
        byte[]? content = entry.Content;
        if (content is not null) return content;

        content = _journal.ReadContent(entry.Revision);
        _cache.Keep(entry, content);
        return content;
    }

    public NamespacePage Page(string tenant, int page, int pageSize) =>
        _listings.TryGetValue(tenant, out NamespaceListing? listing)
            ? listing.Page(page, pageSize)
            : NamespacePage.Empty;

    /// <summary>Called by the one writer only, after the commit.</summary>
    public void Set(ConfigKey key, ConfigEntry? entry, byte[]? content)
    {
        if (entry is not null && content is not null) _cache.Keep(entry, content);

        KeySlot slot;
        ConfigEntry? replaced;
        do
        {
            slot = Slot(key);
            replaced = slot.Current;
        }
        while (!slot.TrySet(entry));

        if (replaced is not null) _cache.Forget(replaced);
        if (replaced is null == entry is null) return;

        Interlocked.Add(ref _count, entry is null ? -1 : 1);
        _listings.GetOrAdd(key.Tenant, static _ => new NamespaceListing()).Set(key, entry is null ? null : slot);
        if (entry is null) DiscardIfUnused(slot);
    }

    /// <summary>True where the value already differs from what the client has; no slot is made for it.</summary>
    public bool Differs(ConfigKey key, ReadOnlySpan<byte> clientMd5) =>
        _slots.TryGetValue(key, out KeySlot? slot) ? slot.Differs(clientMd5) : !clientMd5.IsEmpty;

    /// <summary>Null where the value differs.</summary>
    public Watch? TryWatch(ConfigKey key, Poll poll, ReadOnlySpan<byte> clientMd5)
    {
        while (true)
        {
            KeySlot slot = Slot(key);
            switch (slot.TryWatch(poll, clientMd5, out Watch? watch))
            {
                case WatchOutcome.Registered:
                    return watch;
                case WatchOutcome.Differs:
                    DiscardIfUnused(slot);
                    return null;
            }
        }
    }

    public void Unwatch(Watch watch)
    {
        watch.Slot.Remove(watch);
        DiscardIfUnused(watch.Slot);
    }

    private KeySlot Slot(ConfigKey key) => _slots.GetOrAdd(key, static k => new KeySlot(k));

    // A client may ask for any number of names that never exist: they must not stay.
    private void DiscardIfUnused(KeySlot slot)
    {
        if (slot.Current is null && slot.TryDiscard()) _slots.TryRemove(new KeyValuePair<ConfigKey, KeySlot>(slot.Key, slot));
    }
}
