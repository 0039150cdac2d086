using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>
/// Who listens, beyond the polls that hang: since when each client asks, and which values it still has to fetch. A client is an address and the name of its application: the protocol has no other
/// identity, and a connection may change from poll to poll.
/// </summary>
internal sealed class ListenerBook(TimeProvider clock)
{
    /// <summary>No client asks more seldom than it has polls held.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>More are not remembered: whoever may poll could otherwise fill the memory.</summary>
    private const int MostClients = 10_000;

    /// <summary>Of all clients together. A client beyond it is remembered without the keys that it has to fetch.</summary>
    private const int MostStaleKeys = 100_000;

    private const int Md5Length = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<ListeningClient, Entry> _clients = [];
    private int _staleKeys;

    /// <summary>Notes a poll, with the keys of which the client has another value than the server.</summary>
    public void Note(ListeningClient client, List<ProbeItem> items, List<ConfigKey> differing)
    {
        DateTimeOffset now = clock.GetUtcNow();
        Dictionary<ConfigKey, string> stale = [];
        if (differing.Count > 0)
        {
            HashSet<ConfigKey> names = [.. differing];
            foreach (ProbeItem item in items)
                if (names.Contains(item.Name)) stale[item.Key] = item.Md5.Length <= Md5Length ? System.Text.Encoding.ASCII.GetString(item.Md5.Span) : "";
        }

        lock (_lock)
        {
            Entry? old = _clients.GetValueOrDefault(client);
            if (old is null && _clients.Count >= MostClients) Forget(now);
            Set(client, new Entry(old is null || now - old.Seen > Patience ? now : old.Since, now, stale));
        }
    }

    /// <summary>Notes that a client was told of a change and has to ask for the value. Which one it has is not kept while its poll hangs.</summary>
    public void NoteTold(ListeningClient client, ConfigKey key)
    {
        lock (_lock)
        {
            if (_clients.TryGetValue(client, out Entry? entry)) Set(client, entry with { Stale = new Dictionary<ConfigKey, string>(entry.Stale) { [key] = "" } });
        }
    }

    /// <summary>Since when a client asks without a long pause; null for one that is not known.</summary>
    public DateTimeOffset? Since(ListeningClient client)
    {
        lock (_lock) return _clients.GetValueOrDefault(client)?.Since;
    }

    /// <summary>The clients that were told of another value of a key and have not asked with it since, with the MD5 that they have.</summary>
    public IReadOnlyList<(ListeningClient Client, DateTimeOffset Since, string Md5)> Stale(ConfigKey key)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var found = new List<(ListeningClient, DateTimeOffset, string)>();
        lock (_lock)
        {
            foreach ((ListeningClient client, Entry entry) in _clients)
                if (now - entry.Seen <= Patience && entry.Stale.TryGetValue(key, out string? md5)) found.Add((client, entry.Since, md5));
        }

        return found;
    }

    private void Set(ListeningClient client, Entry entry)
    {
        int others = _staleKeys - (_clients.GetValueOrDefault(client)?.Stale.Count ?? 0);
        if (others + entry.Stale.Count > MostStaleKeys) entry = entry with { Stale = [] };
        _clients[client] = entry;
        _staleKeys = others + entry.Stale.Count;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (ListeningClient client in _clients.Where(known => now - known.Value.Seen > Patience).Select(known => known.Key).ToList()) _clients.Remove(client);
        if (_clients.Count >= MostClients) _clients.Clear();
        _staleKeys = _clients.Values.Sum(entry => entry.Stale.Count);
    }

    private sealed record Entry(DateTimeOffset Since, DateTimeOffset Seen, Dictionary<ConfigKey, string> Stale);
}

/// <summary>A client that listens.</summary>
/// <param name="Address">Its IP address.</param>
/// <param name="AppName">What its application calls itself; blank where it does not.</param>
internal readonly record struct ListeningClient(string Address, string AppName)
{
    /// <summary>A client by what it sends, which may be very long.</summary>
    public static ListeningClient Of(string address, string appName) => new(address, appName.Length <= NameRules.MaxAppNameLength ? appName : appName[..NameRules.MaxAppNameLength]);
}
