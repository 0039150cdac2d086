using System.Collections.Concurrent;
using System.Security.Cryptography;
using Acm.Server.Polling;

namespace Acm.Server.Storage;

/// <summary>The in-memory index of all keys that have a value or are watched. Contents come from the cache or the journal.</summary>
internal sealed class ConfigIndex
{
    private const long CacheBudgetBytes = 128L * 1024 * 1024;
    private const string NoText = "-";

    private readonly ConcurrentDictionary<ConfigKey, KeySlot> _slots = new();
    private readonly ConcurrentDictionary<long, KeySlot> _byId = new();
    private readonly ConcurrentDictionary<string, NamespaceListing> _listings = new(StringComparer.Ordinal);
    private readonly IJournal _journal;
    private readonly ContentCache _cache;
    private int _count;

    public ConfigIndex(IJournal journal)
    {
        _journal = journal;
        _cache = new ContentCache(journal.KeepsContents ? CacheBudgetBytes : long.MaxValue);
        foreach ((ConfigKey key, ConfigEntry entry) in journal.ReadCurrent())
        {
            bool dormant = entry.IsDormant;
            Set(key, entry.Rule?.Name ?? "", entry, content: null);
            entry.IsDormant = dormant;
        }
    }

    /// <summary>Gets or sets the callback of the writer for a key whose formal version was created (true) or removed. It must not block.</summary>
    public Action<ConfigKey, bool>? Listed { get; set; }

    /// <summary>Gets the number of keys with a value.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Gets the listings of the namespaces that have or had a configuration.</summary>
    public IEnumerable<KeyValuePair<string, NamespaceListing>> Listings => _listings;

    public ConfigEntry? Find(ConfigKey key) => _slots.TryGetValue(key, out KeySlot? slot) ? slot.Current : null;

    public KeySlot? FindSlot(ConfigKey key) => _slots.GetValueOrDefault(key);

    /// <summary>Returns the slot whose formal version has an ID.</summary>
    public KeySlot? FindById(long id) => _byId.GetValueOrDefault(id);

    public NamespaceListing? Listing(string tenant) => _listings.GetValueOrDefault(tenant);

    public byte[] Content(ConfigEntry entry)
    {
        entry.RecentlyRead = true;
        byte[]? content = entry.Content;
        if (content is not null) return content;

        content = _journal.ReadContent(entry.Revision);
        _cache.Keep(entry, content);
        return content;
    }

    /// <summary>Returns the content like <see cref="Content"/>, but without affecting the cache.</summary>
    public byte[] Peek(ConfigEntry entry) => entry.Content ?? _journal.ReadContent(entry.Revision);

    /// <summary>Returns the content in a charset and its MD5; null if the charset cannot represent it.</summary>
    public (byte[] Content, string Md5)? Read(ConfigEntry entry, string charset)
    {
        byte[] stored = Content(entry);
        if (Charsets.TryConvert(stored, entry.Charset, charset) is not { } content) return null;
        if (ReferenceEquals(stored, content)) return (content, entry.Md5);

        string md5 = entry.OtherMd5 is { } known && known != NoText ? known : Md5Of(content);
        entry.OtherMd5 = md5;
        return (content, md5);
    }

    /// <summary>Returns the MD5 in a charset; that of the stored bytes if the charset cannot represent the content.</summary>
    public string Md5(ConfigEntry entry, string charset)
    {
        if ((entry.Charset == Charsets.Gbk) == (charset == Charsets.Gbk)) return entry.Md5;

        string? md5 = entry.OtherMd5 ??= Read(entry, charset)?.Md5 ?? NoText;
        return md5 == NoText ? entry.Md5 : md5;
    }

    public SearchPage Page(string tenant, int page, int pageSize) =>
        _listings.TryGetValue(tenant, out NamespaceListing? listing)
            ? listing.Page(page, pageSize)
            : SearchPage.Empty;

    /// <summary>Sets or removes a version. Only called by the writer, after the commit.</summary>
    /// <param name="key">The key.</param>
    /// <param name="gray">The name of the gray version; empty for the formal one.</param>
    /// <param name="entry">The new value; null removes it.</param>
    /// <param name="content">The content; null if it is only on disk.</param>
    public void Set(ConfigKey key, string gray, ConfigEntry? entry, byte[]? content)
    {
        if (entry is not null && content is not null) _cache.Keep(entry, content);

        KeySlot slot;
        ConfigEntry? replaced;
        do slot = Slot(key);
        while (!slot.TrySet(gray, entry, out replaced));

        if (replaced is not null) _cache.Forget(replaced);
        if (gray.Length == 0) List(slot, replaced, entry);
        if (gray.Length == 0 && replaced is null != entry is null) Listed?.Invoke(key, entry is not null);
        if (entry is null) DiscardIfUnused(slot);
    }

    /// <summary>Returns whether the value differs from the client's, without creating a slot.</summary>
    public bool Differs(ConfigKey key, ReadView view, ReadOnlySpan<byte> clientMd5) =>
        _slots.TryGetValue(key, out KeySlot? slot) ? view.Differs(slot, clientMd5) : !clientMd5.IsEmpty;

    /// <summary>Registers a poll for a key; returns null if the value differs from the client's.</summary>
    public Watch? TryWatch(ProbeItem item, Poll poll)
    {
        while (true)
        {
            KeySlot slot = Slot(item.Key);
            switch (slot.TryWatch(poll, item.Tenant, item.Md5.Span, out Watch? watch))
            {
                case WatchOutcome.Registered:
                    return watch;
                case WatchOutcome.Differs:
                    DiscardIfUnused(slot);
                    return null;
            }
        }
    }

    /// <summary>Registers a watcher for any number of changes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="watcher">The watcher.</param>
    /// <param name="tenant">The namespace as the client wrote it.</param>
    public Watch Watch(ConfigKey key, IWatcher watcher, string tenant)
    {
        while (true)
        {
            if (Slot(key).Add(watcher, tenant) is { } watch) return watch;
        }
    }

    public void Unwatch(Watch watch)
    {
        watch.Slot.Remove(watch);
        DiscardIfUnused(watch.Slot);
    }

    private static string Md5Of(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));

    private void List(KeySlot slot, ConfigEntry? replaced, ConfigEntry? entry)
    {
        if (replaced is not null && replaced.Id != entry?.Id) _byId.TryRemove(replaced.Id, out _);
        if (entry is not null && replaced?.Id != entry.Id) _byId[entry.Id] = slot;
        if (replaced is null != entry is null) Interlocked.Add(ref _count, entry is null ? -1 : 1);

        // Most changes only affect the content, which the listings do not contain.
        if (replaced?.Id == entry?.Id && replaced?.Metadata == entry?.Metadata) return;

        _listings.GetOrAdd(slot.Key.Tenant, static _ => new NamespaceListing()).Change(slot, replaced, entry);
    }

    private KeySlot Slot(ConfigKey key) => _slots.GetOrAdd(key, static k => new KeySlot(k));

    // A client may listen to any number of keys that never exist; their slots must not accumulate.
    private void DiscardIfUnused(KeySlot slot)
    {
        if (slot.Current is null && slot.TryDiscard()) _slots.TryRemove(new KeyValuePair<ConfigKey, KeySlot>(slot.Key, slot));
    }
}
