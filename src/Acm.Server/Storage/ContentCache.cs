namespace Acm.Server.Storage;

/// <summary>Caches contents within a memory budget. A read only sets a reference bit, without a lock.</summary>
internal sealed class ContentCache(long budgetBytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<ConfigEntry> _oldestFirst = new();
    private long _bytes;

    public void Keep(ConfigEntry entry, byte[] content)
    {
        lock (_lock)
        {
            entry.Content = content;
            if (entry.CacheNode is not null) return;

            entry.CacheNode = _oldestFirst.AddLast(entry);
            _bytes += entry.Length;
            Evict();
        }
    }

    /// <summary>Removes a replaced value; its current readers keep the bytes.</summary>
    public void Forget(ConfigEntry entry)
    {
        lock (_lock)
        {
            if (entry.CacheNode is null) return;

            Unlink(entry.CacheNode);
        }
    }

    private void Evict()
    {
        while (_bytes > budgetBytes && _oldestFirst.First is { } oldest)
        {
            ConfigEntry entry = oldest.Value;
            if (entry.RecentlyRead)
            {
                entry.RecentlyRead = false;
                _oldestFirst.RemoveFirst();
                _oldestFirst.AddLast(oldest);
                continue;
            }

            Unlink(oldest);
            entry.Content = null;
        }
    }

    private void Unlink(LinkedListNode<ConfigEntry> node)
    {
        _oldestFirst.Remove(node);
        _bytes -= node.Value.Length;
        node.Value.CacheNode = null;
    }
}
