using Acm.Client;

namespace AcmPowerShell;

/// <summary>Caches keys for tab completion. They are read in the background, and stale ones are used until newer ones arrive. Thread-safe.</summary>
/// <param name="clock">The time provider.</param>
internal sealed class KeyCache(TimeProvider clock)
{
    /// <summary>Maximum number of keys to cache for a namespace.</summary>
    internal const int MostKeys = 20_000;

    /// <summary>Maximum number of namespaces to cache. The least recently used one is evicted.</summary>
    internal const int MostNamespaces = 4;

    /// <summary>Time for which a completed reading is fresh.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly LinkedList<KeyList> _lists = new();

    /// <summary>Returns the keys of a namespace: fresh ones, or those of an earlier reading if no fresh ones arrive in time.</summary>
    /// <param name="client">The client for the namespace.</param>
    /// <param name="patience">The time to wait for fresh keys.</param>
    internal IReadOnlyCollection<ConfigItem> Get(AcmClient client, TimeSpan patience)
    {
        KeyList list = Find(client.Namespace);
        KeyReading reading = list.Read(client, clock, Age);
        reading.Wait(patience);
        return list.Keys(reading);
    }

    private KeyList Find(string @namespace)
    {
        lock (_gate)
        {
            LinkedListNode<KeyList>? node = _lists.First;
            while (node is not null && node.Value.Namespace != @namespace) node = node.Next;
            if (node is not null) _lists.Remove(node);
            else node = new LinkedListNode<KeyList>(new KeyList(@namespace));

            _lists.AddFirst(node);
            if (_lists.Count > MostNamespaces) _lists.RemoveLast();
            return node.Value;
        }
    }
}
