using System.Text.Json;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>The fuzzy watches of all connections. A connection receives the keys that match its patterns, and later their additions and removals, but no contents.</summary>
internal sealed class FuzzyWatches : IDisposable
{
    /// <summary>The maximum number of patterns for all clients together, as in Nacos 3.0.3.</summary>
    public const int MaxPatterns = 20;

    /// <summary>The maximum number of keys that may match a pattern when its watch starts.</summary>
    public const int MaxMatches = 500;

    private const int BatchSize = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Watched> _patterns = new(StringComparer.Ordinal);
    private readonly ConfigIndex _index;

    public FuzzyWatches(ConfigIndex index)
    {
        _index = index;
        index.Listed = Tell;
    }

    /// <summary>Adds a connection to the watchers of a pattern.</summary>
    /// <returns>False if there are too many patterns.</returns>
    public bool TryWatch(GrpcConnection connection, string pattern)
    {
        lock (_lock)
        {
            if (!_patterns.TryGetValue(pattern, out Watched? watched))
            {
                if (_patterns.Count >= MaxPatterns) return false;
                _patterns.Add(pattern, watched = new Watched(FuzzyPattern.Parse(pattern), []));
            }

            watched.Connections.Add(connection);
            return true;
        }
    }

    /// <summary>Removes a connection from the watchers of a pattern.</summary>
    public void Cancel(GrpcConnection connection, string pattern)
    {
        lock (_lock)
        {
            if (_patterns.TryGetValue(pattern, out Watched? watched) && watched.Connections.Remove(connection) && watched.Connections.Count == 0) _patterns.Remove(pattern);
        }
    }

    /// <summary>Removes a connection from the watchers of every pattern.</summary>
    public void Forget(GrpcConnection connection)
    {
        lock (_lock)
        {
            foreach (string pattern in _patterns.Keys.ToArray()) Cancel(connection, pattern);
        }
    }

    /// <summary>Returns the keys that match a pattern now.</summary>
    public IReadOnlyList<ConfigKey> Find(string pattern)
    {
        var parsed = FuzzyPattern.Parse(pattern);
        return parsed.Tenant is { } tenant ? [.. _index.Page(tenant, 1, int.MaxValue).Items.Select(slot => slot.Key).Where(parsed.Matches)] : [];
    }

    /// <summary>Returns the pushes that bring a client up to date with the keys that match a pattern.</summary>
    /// <param name="pattern">The pattern.</param>
    /// <param name="keys">The matching keys.</param>
    /// <param name="received">The keys that the client already has; null for a new watch, whose list ends with a finish message.</param>
    public static IEnumerable<Push> Sync(string pattern, IReadOnlyList<ConfigKey> keys, IReadOnlyCollection<string>? received)
    {
        string[] present = [.. keys.Select(GroupKey)];
        string[] added = received is null ? present : [.. present.Except(received)];
        string[] removed = received is null ? [] : [.. received.Except(present)];
        (string Change, string[] Keys)[] batches = [.. added.Chunk(BatchSize).Select(some => ("ADD_CONFIG", some)), .. removed.Chunk(BatchSize).Select(some => ("DELETE_CONFIG", some))];
        for (int i = 0; i < batches.Length; i++)
        {
            yield return Sync(pattern, received is null ? "FUZZY_WATCH_INIT_NOTIFY" : "FUZZY_WATCH_DIFF_SYNC_NOTIFY", batches[i].Change, batches[i].Keys, batches.Length, i + 1);
        }

        if (received is null) yield return Sync(pattern, "FINISH_FUZZY_WATCH_INIT_NOTIFY", "", [], 0, 0);
    }

    public void Dispose() => _index.Listed = null;

    private static FixedPush Sync(string pattern, string type, string change, string[] keys, int total, int current) =>
        new("ConfigFuzzyWatchSyncRequest", wantsAcknowledgement: true, json =>
        {
            json.WriteString("groupKeyPattern"u8, pattern);
            if (keys.Length > 0) WriteContexts(json, change, keys);
            json.WriteString("syncType"u8, type);
            json.WriteNumber("totalBatch"u8, total);
            json.WriteNumber("currentBatch"u8, current);
            json.WriteString("module"u8, "config"u8);
        })
        {
            Keys = keys.Length + 1,
        };

    private static void WriteContexts(Utf8JsonWriter json, string change, string[] keys)
    {
        json.WriteStartArray("contexts"u8);
        foreach (string key in keys)
        {
            json.WriteStartObject();
            json.WriteString("groupKey"u8, key);
            json.WriteString("changedType"u8, change);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string GroupKey(ConfigKey key) =>
        $"{Escape(key.DataId)}+{Escape(key.Group)}+{Escape(key.Tenant.Length == 0 ? ConfigOperations.PublicNamespace : key.Tenant)}";

    private static string Escape(string name) => name.Replace("%", "%25", StringComparison.Ordinal).Replace("+", "%2B", StringComparison.Ordinal);

    // Nacos 3.0.3 reports a new configuration as CONFIG_CHANGED as well.
    private void Tell(ConfigKey key, bool isThere)
    {
        lock (_lock)
        {
            foreach (GrpcConnection connection in _patterns.Values.Where(watched => watched.Pattern.Matches(key)).SelectMany(watched => watched.Connections).Distinct())
            {
                connection.Enqueue(new FixedPush("ConfigFuzzyWatchChangeNotifyRequest", wantsAcknowledgement: true, json =>
                {
                    json.WriteString("groupKey"u8, GroupKey(key));
                    json.WriteString("changeType"u8, isThere ? "CONFIG_CHANGED"u8 : "DELETE_CONFIG"u8);
                    json.WriteString("module"u8, "config"u8);
                })
                {
                    Keys = 1,
                });
            }
        }
    }

    /// <summary>A pattern and the connections that watch it.</summary>
    private sealed record Watched(FuzzyPattern Pattern, HashSet<GrpcConnection> Connections);
}
