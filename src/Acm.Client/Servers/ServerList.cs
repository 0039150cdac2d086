using Acm.Client.Http;

namespace Acm.Client.Servers;

/// <summary>
/// The servers in order, and the one in use. A call uses the server that last succeeded, and moves on through the list when it fails.
/// </summary>
internal sealed class ServerList
{
    private readonly object _gate = new();
    private readonly TimeProvider _clock;
    private Entry[] _entries = [];
    private int _current;

    public ServerList(TimeProvider clock)
    {
        _clock = clock;
    }

    public int Count
    {
        get
        {
            lock (_gate) return _entries.Length;
        }
    }

    /// <summary>Gets the server in use; null if the list is empty.</summary>
    public ServerAddress? InUse
    {
        get
        {
            lock (_gate) return _entries.Length == 0 ? null : _entries[_current].Address;
        }
    }

    /// <summary>Returns all servers, the one in use first.</summary>
    public IReadOnlyList<ServerAddress> Snapshot()
    {
        lock (_gate) return [.. _entries.Skip(_current).Concat(_entries.Take(_current)).Select(entry => entry.Address)];
    }

    /// <summary>Replaces the list. Servers in both lists keep their health, and the one in use stays in use; if it was removed, the first server is used.</summary>
    public void Replace(IReadOnlyList<ServerAddress> addresses)
    {
        lock (_gate)
        {
            ServerAddress? inUse = _entries.Length == 0 ? null : _entries[_current].Address;
            var standing = _entries.ToDictionary(entry => entry.Address, entry => entry.Health);
            _entries = [.. addresses.Distinct().Select(address => new Entry(address, standing.TryGetValue(address, out ServerHealth? health) ? health : new ServerHealth()))];
            _current = Math.Max(0, Array.FindIndex(_entries, entry => entry.Address == inUse));
        }
    }

    /// <summary>
    /// Returns the server for the next try: starting with the one in use, the first that was not tried in this round and is not resting. If all the remaining ones rest, returns the one
    /// whose rest ends first, so that every call is sent.
    /// </summary>
    /// <param name="tried">The servers tried in this round; cleared when a new round begins.</param>
    public ServerAddress Pick(ICollection<ServerAddress> tried)
    {
        lock (_gate)
        {
            if (tried.Count >= _entries.Length) tried.Clear();

            DateTimeOffset now = _clock.GetUtcNow();
            Entry? soonest = null;
            for (int i = 0; i < _entries.Length; i++)
            {
                Entry entry = _entries[(_current + i) % _entries.Length];
                if (tried.Contains(entry.Address)) continue;
                if (entry.Health.PausedUntil <= now && entry.Health.TryUse(now)) return entry.Address;
                if (soonest is null || FreeAt(entry) < FreeAt(soonest)) soonest = entry;
            }

            return soonest!.Address;
        }
    }

    /// <summary>Returns whether all servers are resting.</summary>
    public bool AllRest()
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            return _entries.Length > 0 && Array.TrueForAll(_entries, entry => entry.Health.Rests(now));
        }
    }

    /// <summary>Records a success.</summary>
    /// <param name="address">The server.</param>
    /// <param name="isAside">Whether the request was a side check that leaves the server in use unchanged.</param>
    public void Succeeded(ServerAddress address, bool isAside = false)
    {
        lock (_gate)
        {
            int index = IndexOf(address);
            if (index < 0) return;

            _entries[index].Health.Succeeded();
            if (!isAside) _current = index;
        }
    }

    /// <summary>Makes a server the one in use, unless it is resting or paused.</summary>
    public void Prefer(ServerAddress address)
    {
        lock (_gate)
        {
            int index = IndexOf(address);
            DateTimeOffset now = _clock.GetUtcNow();
            if (index >= 0 && _entries[index].Health.PausedUntil <= now && !_entries[index].Health.Rests(now)) _current = index;
        }
    }

    /// <summary>Records that a server throttled: no request is sent to it during the pause, and other servers are used.</summary>
    /// <param name="address">The server.</param>
    /// <param name="pause">The requested pause; null if the server did not specify one.</param>
    public void Throttled(ServerAddress address, TimeSpan? pause)
    {
        lock (_gate)
        {
            int index = IndexOf(address);
            if (index < 0) return;

            _entries[index].Health.Throttled(_clock.GetUtcNow(), pause);
            if (index == _current) _current = (index + 1) % _entries.Length;
        }
    }

    /// <summary>Returns the remaining pause of a server that throttled; otherwise zero.</summary>
    public TimeSpan PauseOf(ServerAddress address)
    {
        lock (_gate)
        {
            int index = IndexOf(address);
            TimeSpan pause = index < 0 ? TimeSpan.Zero : _entries[index].Health.PausedUntil - _clock.GetUtcNow();
            return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
        }
    }

    /// <summary>Moves on from a server that answers incorrectly, if it is in use.</summary>
    public void PassOver(ServerAddress address)
    {
        lock (_gate)
        {
            if (IndexOf(address) == _current) _current = (_current + 1) % _entries.Length;
        }
    }

    public void Failed(ServerAddress address)
    {
        lock (_gate)
        {
            int index = IndexOf(address);
            if (index < 0) return;

            _entries[index].Health.Failed(_clock.GetUtcNow());
            if (index == _current) _current = (index + 1) % _entries.Length;
        }
    }

    private static DateTimeOffset FreeAt(Entry entry) => entry.Health.PausedUntil > entry.Health.RestsUntil ? entry.Health.PausedUntil : entry.Health.RestsUntil;

    private int IndexOf(ServerAddress address)
    {
        for (int i = 0; i < _entries.Length; i++)
        {
            // Usually the server in use.
            int index = (_current + i) % _entries.Length;
            if (_entries[index].Address == address) return index;
        }

        return -1;
    }

    private sealed record Entry(ServerAddress Address, ServerHealth Health);
}
