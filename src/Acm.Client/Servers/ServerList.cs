using Acm.Client.Http;

namespace Acm.Client.Servers;

/// <summary>
/// The servers in their order, with the one in use. A call stays with the server that last worked and goes round the list from there when it fails.
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

    /// <summary>The server in use; null while there is none.</summary>
    public ServerAddress? InUse
    {
        get
        {
            lock (_gate) return _entries.Length == 0 ? null : _entries[_current].Address;
        }
    }

    /// <summary>All servers, the one in use first.</summary>
    public IReadOnlyList<ServerAddress> Snapshot()
    {
        lock (_gate) return [.. _entries.Skip(_current).Concat(_entries.Take(_current)).Select(entry => entry.Address)];
    }

    /// <summary>Takes a new list in its order. A server that stays keeps its standing, and stays in use where it was; one that is gone hands over to the first.</summary>
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
    /// The server for the next try of a call: from the one in use on, the first that was not tried in this round and does not rest. Where all that is left rests, the one
    /// whose rest ends first: a call is never refused unsent.
    /// </summary>
    /// <param name="tried">The servers tried in this round; emptied where a new round begins.</param>
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

    /// <summary>Whether every server rests now, so that a call can but hope.</summary>
    public bool AllRest()
    {
        lock (_gate)
        {
            DateTimeOffset now = _clock.GetUtcNow();
            return _entries.Length > 0 && Array.TrueForAll(_entries, entry => entry.Health.Rests(now));
        }
    }

    /// <summary>A server answered.</summary>
    /// <param name="address">The server.</param>
    /// <param name="isAside">Whether it was asked beside the one in use, which then stays in use.</param>
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

    /// <summary>Puts a server in use that answered otherwise, unless it rests or asked for a pause.</summary>
    public void Prefer(ServerAddress address)
    {
        lock (_gate)
        {
            int index = IndexOf(address);
            DateTimeOffset now = _clock.GetUtcNow();
            if (index >= 0 && _entries[index].Health.PausedUntil <= now && !_entries[index].Health.Rests(now)) _current = index;
        }
    }

    /// <summary>A server asked for fewer requests: nothing is sent to it for a while, and other servers are asked where there are some.</summary>
    /// <param name="address">The server.</param>
    /// <param name="pause">How long it asked to wait; null where it did not say.</param>
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

    /// <summary>How long nothing is to be sent to a server yet; zero for a server that did not ask for a pause.</summary>
    public TimeSpan PauseOf(ServerAddress address)
    {
        lock (_gate)
        {
            int index = IndexOf(address);
            TimeSpan pause = index < 0 ? TimeSpan.Zero : _entries[index].Health.PausedUntil - _clock.GetUtcNow();
            return pause > TimeSpan.Zero ? pause : TimeSpan.Zero;
        }
    }

    /// <summary>Passes over a server that answers, and wrongly: it is in use no more where another one is there.</summary>
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
            // As a rule it is the one in use.
            int index = (_current + i) % _entries.Length;
            if (_entries[index].Address == address) return index;
        }

        return -1;
    }

    private sealed record Entry(ServerAddress Address, ServerHealth Health);
}
