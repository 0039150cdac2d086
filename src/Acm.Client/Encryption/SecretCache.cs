using System.Text;
using Acm.Client.Text;

namespace Acm.Client.Encryption;

/// <summary>
/// Caches decrypted text by its cipher text, limited by entries, bytes and age. Evicted entries are cleared. Thread-safe.
/// </summary>
internal sealed class SecretCache : IDisposable
{
    public const int MaxEntries = 4096;
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Maximum age of an entry, which limits how long a user can read cached text after losing access to the key.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly object _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);

    // Ordered by last use, the oldest first.
    private readonly LinkedList<Entry> _byUse = new();
    private readonly TimeProvider _clock;
    private readonly int _maxEntries;
    private readonly int _maxBytes;
    private ITimer? _sweeping;
    private long _bytes;
    private bool _closed;

    public SecretCache(TimeProvider clock, int maxEntries = MaxEntries, int maxBytes = MaxBytes)
    {
        _clock = clock;
        _maxEntries = maxEntries;
        _maxBytes = maxBytes;
    }

    public int Count
    {
        get
        {
            lock (_gate) return _entries.Count;
        }
    }

    /// <summary>Returns the short cache key of a cipher text.</summary>
    public static string NameOf(string cipherText) => Sha256Hex.Of(Encoding.UTF8.GetBytes(cipherText));

    /// <summary>Returns a copy of an entry, which the caller clears; null if there is none.</summary>
    public byte[]? Find(string name)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(name, out LinkedListNode<Entry>? node)) return null;

            if (IsOver(node.Value))
            {
                Drop(node);
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            return (byte[])node.Value.Secret.Clone();
        }
    }

    /// <summary>Adds a copy of a secret.</summary>
    public void Keep(string name, byte[] secret)
    {
        lock (_gate)
        {
            if (_closed) return;
            if (_entries.TryGetValue(name, out LinkedListNode<Entry>? old)) Drop(old);

            _entries.Add(name, _byUse.AddLast(new Entry(name, (byte[])secret.Clone(), _clock.GetTimestamp())));
            _bytes += secret.Length;
            while ((_entries.Count > _maxEntries || _bytes > _maxBytes) && _entries.Count > 1) Drop(_byUse.First!);
            _sweeping ??= _clock.CreateTimer(static state => ((SecretCache)state!).Sweep(), this, SweepEvery, SweepEvery);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            while (_byUse.First is { } node) Drop(node);
            StopSweeping();
        }
    }

    /// <summary>Evicts expired entries, even if they are never requested again.</summary>
    private void Sweep()
    {
        lock (_gate)
        {
            for (LinkedListNode<Entry>? node = _byUse.First; node is not null;)
            {
                LinkedListNode<Entry>? next = node.Next;
                if (IsOver(node.Value)) Drop(node);
                node = next;
            }

            if (_entries.Count == 0) StopSweeping();
        }
    }

    private void StopSweeping()
    {
        _sweeping?.Dispose();
        _sweeping = null;
    }

    private bool IsOver(Entry entry) => _clock.GetElapsedTime(entry.Kept) >= MaxAge;

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Name);
        _bytes -= node.Value.Secret.Length;
        Array.Clear(node.Value.Secret, 0, node.Value.Secret.Length);
    }

    private sealed record Entry(string Name, byte[] Secret, long Kept);
}
