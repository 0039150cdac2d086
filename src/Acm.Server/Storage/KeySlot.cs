using Acm.Server.Polling;

namespace Acm.Server.Storage;

/// <summary>The current value, gray versions and watchers of a key, protected by one lock.</summary>
internal sealed class KeySlot(ConfigKey key)
{
    private readonly Lock _lock = new();
    private volatile ConfigEntry? _current;
    private volatile ConfigEntry[] _grays = [];
    private Watch? _firstWatch;
    private bool _discarded;

    public ConfigKey Key { get; } = key;

    /// <summary>Gets the formal version; null if there is none.</summary>
    public ConfigEntry? Current => _current;

    /// <summary>Gets the gray versions in the order of publication; the array is immutable.</summary>
    public ConfigEntry[] Grays => _grays;

    public ConfigEntry? Find(string gray) => gray.Length == 0 ? _current : Array.Find(_grays, entry => entry.Rule!.Name == gray);

    /// <summary>Sets or removes a version; returns false if this slot was removed from the index in the meantime, so that its successor must be used.</summary>
    /// <param name="gray">The name of the gray version; empty for the formal one.</param>
    /// <param name="entry">The new value; null removes it.</param>
    /// <param name="replaced">The previous value.</param>
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

            // Continuations run on the thread pool; each watcher removes its watches itself.
            for (Watch? watch = _firstWatch; watch is not null; watch = watch.Next)
            {
                if (watch.Watcher.View.Notices(replaced, entry)) watch.Watcher.Tell(watch);
            }

            return true;
        }
    }

    /// <summary>Registers a poll, unless the value differs from the client's.</summary>
    public WatchOutcome TryWatch(Poll poll, string tenant, ReadOnlySpan<byte> clientMd5, out Watch? watch)
    {
        watch = null;
        while (true)
        {
            // Outside the lock, because computing the MD5 may need a read from the disk.
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

    /// <summary>Registers a watcher without a comparison; returns null if this slot was removed from the index in the meantime.</summary>
    public Watch? Add(IWatcher watcher, string tenant)
    {
        lock (_lock) return _discarded ? null : Insert(watcher, tenant);
    }

    /// <summary>Returns the current watchers.</summary>
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

    /// <summary>Marks an unused slot as discarded, so that it accepts no values and polls; returns false if it is in use.</summary>
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
