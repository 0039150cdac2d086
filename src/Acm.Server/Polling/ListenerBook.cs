using System.Collections.Concurrent;
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

    private readonly ConcurrentDictionary<ListeningClient, Entry> _clients = new();

    /// <summary>Notes a poll, with the keys of which the client has another value than the server.</summary>
    public void Note(ListeningClient client, List<ProbeItem> items, List<ConfigKey> differing)
    {
        if (_clients.Count >= MostClients && !_clients.ContainsKey(client)) Forget();

        DateTimeOffset now = clock.GetUtcNow();
        Dictionary<ConfigKey, string> stale = [];
        if (differing.Count > 0)
        {
            HashSet<ConfigKey> names = [.. differing];
            foreach (ProbeItem item in items)
                if (names.Contains(item.Name)) stale[item.Key] = System.Text.Encoding.ASCII.GetString(item.Md5.Span);
        }

        _clients.AddOrUpdate(client, _ => new Entry(now, now, stale), (_, old) => new Entry(now - old.Seen > Patience ? now : old.Since, now, stale));
    }

    /// <summary>Notes that a client was told of a change and has to ask for the value. Which one it has is not kept while its poll hangs.</summary>
    public void NoteTold(ListeningClient client, ConfigKey key)
    {
        if (_clients.TryGetValue(client, out Entry? entry)) _clients.TryUpdate(client, entry with { Stale = new Dictionary<ConfigKey, string>(entry.Stale) { [key] = "" } }, entry);
    }

    /// <summary>Since when a client asks without a long pause; null for one that is not known.</summary>
    public DateTimeOffset? Since(ListeningClient client) => _clients.TryGetValue(client, out Entry? entry) ? entry.Since : null;

    /// <summary>The clients that were told of another value of a key and have not asked with it since, with the MD5 that they have.</summary>
    public IEnumerable<(ListeningClient Client, DateTimeOffset Since, string Md5)> Stale(ConfigKey key)
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach ((ListeningClient client, Entry entry) in _clients)
            if (now - entry.Seen <= Patience && entry.Stale.TryGetValue(key, out string? md5)) yield return (client, entry.Since, md5);
    }

    private void Forget()
    {
        DateTimeOffset now = clock.GetUtcNow();
        foreach ((ListeningClient client, Entry entry) in _clients)
            if (now - entry.Seen > Patience) _clients.TryRemove(client, out _);
        if (_clients.Count >= MostClients) _clients.Clear();
    }

    private sealed record Entry(DateTimeOffset Since, DateTimeOffset Seen, Dictionary<ConfigKey, string> Stale);
}

/// <summary>A client that listens.</summary>
/// <param name="Address">Its IP address.</param>
/// <param name="AppName">What its application calls itself; blank where it does not.</param>
internal readonly record struct ListeningClient(string Address, string AppName);
