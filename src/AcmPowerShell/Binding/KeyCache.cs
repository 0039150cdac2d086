using Acm.Client;

namespace AcmPowerShell;

/// <summary>Keys for tab completion: read in the background, kept for some seconds, and offered after that for as long as no newer ones have come. Thread-safe.</summary>
/// <param name="clock">Source of time.</param>
internal sealed class KeyCache(TimeProvider clock)
{
    /// <summary>The most keys of a namespace that are kept: more are too many to choose from.</summary>
    internal const int MostKeys = 20_000;

    /// <summary>The most namespaces that are kept; the one that was asked for longest ago goes.</summary>
    internal const int MostNamespaces = 4;

    /// <summary>For how long after its end a reading is as good as new.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private readonly LinkedList<KeyList> _lists = new();

    /// <summary>The keys of a namespace: new ones, or the ones that were read before where no new ones come within the patience.</summary>
    /// <param name="client">Reads them.</param>
    /// <param name="patience">How long to wait for new ones.</param>
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
