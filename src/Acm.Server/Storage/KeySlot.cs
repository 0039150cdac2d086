using Acm.Server.Polling;

namespace Acm.Server.Storage;

/// <summary>One key: its current value, its gray versions and who watches it, changed together under one lock.</summary>
internal sealed class KeySlot(ConfigKey key)
{
    private readonly Lock _lock = new();
    private volatile ConfigEntry? _current;
    private volatile ConfigEntry[] _grays = [];
    private Watch? _firstWatch;
    private bool _discarded;

    public ConfigKey Key { get; } = key;

    /// <summary>Null where the key has no formal value.</summary>
    public ConfigEntry? Current => _current;

    /// <summary>The gray versions, in the order in which they were made; the array is never changed.</summary>
    public ConfigEntry[] Grays => _grays;

    public ConfigEntry? Find(string gray) => gray.Length == 0 ? _current : Array.Find(_grays, entry => entry.Rule!.Name == gray);

    /// <summary>False where this slot was taken out of the index meanwhile; its successor must be asked.</summary>
    /// <param name="gray">The name of the gray version; blank for the formal one.</param>
    /// <param name="entry">Null removes.</param>
    /// <param name="replaced">What there was.</param>
    public bool TrySet(string gray, ConfigEntry? entry, out ConfigEntry? replaced)
    {
        lock (_lock)
        {
            replaced = Find(gray);
            if (_discarded) return false;

            if (gray.Length == 0)
            {
                _current = entry;
                if (replaced is null != entry is null) Array.ForEach(_grays, version => version.IsDormant = entry is null);
            }
            else
            {
                _grays = [.. _grays.Where(version => version.Rule!.Name != gray), .. entry is null ? Array.Empty<ConfigEntry>() : [entry]];
            }

            // Answers run on the pool, not in here; each watcher takes its watches out by itself.
            for (Watch? watch = _firstWatch; watch is not null; watch = watch.Next)
            {
                if (watch.Watcher.View.Notices(replaced, entry)) watch.Watcher.Tell(watch);
            }

            return true;
        }
    }

    /// <summary>Registers the poll, unless the value differs from what its client has.</summary>
    public WatchOutcome TryWatch(Poll poll, string tenant, ReadOnlySpan<byte> clientMd5, out Watch? watch)
    {
        watch = null;
        while (true)
        {
            // The MD5 may have to be computed from the disk, which is nothing to do under a lock.
            ConfigEntry? current = _current;
            ConfigEntry[] grays = _grays;
            bool differs = poll.View.Differs(this, clientMd5);
            lock (_lock)
            {
                if (_discarded) return WatchOutcome.SlotDiscarded;
                if (current != _current || grays != _grays) continue;
                if (differs) return WatchOutcome.Differs;

                watch = Insert(poll, tenant);
                return WatchOutcome.Registered;
            }
        }
    }

    /// <summary>Registers a watcher, whatever its client has; null where this slot was taken out of the index meanwhile.</summary>
    public Watch? Add(IWatcher watcher, string tenant)
    {
        lock (_lock) return _discarded ? null : Insert(watcher, tenant);
    }

    /// <summary>Who watches this key now.</summary>
    public IReadOnlyList<IWatcher> Watchers()
    {
        lock (_lock)
        {
            var watchers = new List<IWatcher>();
            for (Watch? watch = _firstWatch; watch is not null; watch = watch.Next) watchers.Add(watch.Watcher);
            return watchers;
        }
    }

    public void Remove(Watch watch)
    {
        lock (_lock)
        {
            if (watch.Previous is null) _firstWatch = watch.Next;
            else watch.Previous.Next = watch.Next;
            if (watch.Next is not null) watch.Next.Previous = watch.Previous;
        }
    }

    /// <summary>True where nothing uses this slot; from then on it takes neither values nor polls.</summary>
    public bool TryDiscard()
    {
        lock (_lock)
        {
            return _discarded |= _current is null && _grays.Length == 0 && _firstWatch is null;
        }
    }

    private Watch Insert(IWatcher watcher, string tenant)
    {
        var watch = new Watch(this, watcher, tenant) { Next = _firstWatch };
        if (_firstWatch is not null) _firstWatch.Previous = watch;
        _firstWatch = watch;
        return watch;
    }
}
