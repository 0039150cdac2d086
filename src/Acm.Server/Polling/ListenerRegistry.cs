using Acm.Server.Storage;

namespace Acm.Server.Polling;

/// <summary>
/// Remembers listeners between their polls: since when each client polls, and which values it has not read yet. A client is identified by its address and application name, because the protocol has no
/// other identity and each poll may use another connection.
/// </summary>
internal sealed class ListenerRegistry(TimeProvider clock)
{
    /// <summary>How long a client is remembered after a poll; longer than a client's poll is held.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The maximum number of clients, so that polls cannot fill the memory.</summary>
    private const int MaxClients = 10_000;

    /// <summary>The maximum number of stale keys of all clients. Beyond it, a client is remembered without its stale keys.</summary>
    private const int MaxStaleKeys = 100_000;

    private const int Md5Length = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<ListeningClient, Entry> _clients = [];
    private int _staleKeys;

    /// <summary>Records a poll, with the keys whose value differs from the client's.</summary>
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
            if (old is null && _clients.Count >= MaxClients) Forget(now);
            Set(client, new Entry(old is null || now - old.Seen > Patience ? now : old.Since, now, stale));
        }
    }

    /// <summary>Records that a client was notified of a change and has to read the value. The MD5 of its old value is unknown, because it is not kept while a poll is held.</summary>
    public void NoteTold(ListeningClient client, ConfigKey key)
    {
        lock (_lock)
        {
            if (_clients.TryGetValue(client, out Entry? entry)) Set(client, entry with { Stale = new Dictionary<ConfigKey, string>(entry.Stale) { [key] = "" } });
        }
    }

    /// <summary>Returns since when a client polls without a long pause; null if the client is unknown.</summary>
    public DateTimeOffset? Since(ListeningClient client)
    {
        lock (_lock) return _clients.GetValueOrDefault(client)?.Since;
    }

    /// <summary>Returns the clients that were notified of another value of a key and have not polled with it since, with the MD5s of their values.</summary>
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
        if (others + entry.Stale.Count > MaxStaleKeys) entry = entry with { Stale = [] };
        _clients[client] = entry;
        _staleKeys = others + entry.Stale.Count;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (ListeningClient client in _clients.Where(known => now - known.Value.Seen > Patience).Select(known => known.Key).ToList()) _clients.Remove(client);
        if (_clients.Count >= MaxClients) _clients.Clear();
        _staleKeys = _clients.Values.Sum(entry => entry.Stale.Count);
    }

    private sealed record Entry(DateTimeOffset Since, DateTimeOffset Seen, Dictionary<ConfigKey, string> Stale);
}

/// <summary>A client that listens.</summary>
/// <param name="Address">The IP address.</param>
/// <param name="AppName">The application name; empty if unknown.</param>
internal readonly record struct ListeningClient(string Address, string AppName)
{
    /// <summary>Returns a client, with the application name truncated to the maximum length.</summary>
    public static ListeningClient Of(string address, string appName) => new(address, appName.Length <= NameRules.MaxAppNameLength ? appName : appName[..NameRules.MaxAppNameLength]);
}
