using Acm.Client.Watching.Feeds;

namespace Acm.Client.Watching;

/// <summary>
/// The keys of a batch and their positions in its feed. The feed is changed between two waits only, so changes during a wait (added and removed keys, new MD5s) are collected and applied
/// by <see cref="Apply"/>. Requires the gate.
/// </summary>
internal sealed class FeedKeys
{
    private readonly List<KeyEntry> _joining = [];
    private readonly List<KeyEntry> _updated = [];
    private readonly List<int> _leaving = [];
    private readonly WatchBatch _batch;
    private KeyEntry?[] _byPlace = new KeyEntry?[16];

    public FeedKeys(WatchBatch batch, IChangeFeed feed)
    {
        _batch = batch;
        Feed = feed;
    }

    public IChangeFeed Feed { get; private set; }

    public int Count { get; private set; }

    /// <summary>Gets whether the feed still contains removed keys.</summary>
    public bool IsAnyLeaving => _leaving.Count > 0;

    /// <summary>Gets the keys in the feed.</summary>
    public IEnumerable<KeyEntry> InFeed => _byPlace.OfType<KeyEntry>();

    /// <summary>Returns the key at a position in the feed; null if there is none.</summary>
    public KeyEntry? At(int place) => _byPlace[place];

    public void Add(KeyEntry entry)
    {
        entry.Batch = _batch;
        entry.FeedPlace = -1;
        _joining.Add(entry);
        Count++;
    }

    public void Remove(KeyEntry entry)
    {
        if (entry.FeedPlace >= 0)
        {
            _byPlace[entry.FeedPlace] = null;
            _leaving.Add(entry.FeedPlace);
        }

        entry.Batch = null;
        entry.FeedPlace = -1;
        Count--;
    }

    /// <summary>Updates the MD5 of a key for the next wait.</summary>
    public void Update(KeyEntry entry) => _updated.Add(entry);

    /// <summary>Applies the collected changes to the feed.</summary>
    /// <param name="newcomers">Receives keys that need a first check; null to ignore them.</param>
    public void Apply(List<KeyEntry>? newcomers)
    {
        foreach (int place in _leaving) Feed.Remove(place);
        _leaving.Clear();
        foreach (KeyEntry entry in _joining)
        {
            // The key may have been removed again, or added twice.
            if (entry.Batch != _batch || entry.FeedPlace >= 0) continue;

            entry.FeedPlace = Feed.Add(entry.Key, entry.ServerMd5, isChecked: !entry.NeedsCheck);
            if (entry.FeedPlace >= _byPlace.Length) Array.Resize(ref _byPlace, 2 * _byPlace.Length);
            _byPlace[entry.FeedPlace] = entry;
            if (entry.NeedsCheck) newcomers?.Add(entry);
        }

        _joining.Clear();
        foreach (KeyEntry entry in _updated)
        {
            if (entry.Batch == _batch && entry.FeedPlace >= 0) Feed.Update(entry.FeedPlace, entry.ServerMd5, isChecked: !entry.NeedsCheck);
        }

        _updated.Clear();
    }

    /// <summary>Takes over the keys of another batch, whose loop then ends.</summary>
    public void Absorb(FeedKeys other)
    {
        foreach (KeyEntry entry in other.InFeed)
        {
            other.Remove(entry);
            Add(entry);
        }
    }

    /// <summary>Replaces the feed and moves all keys to the new one.</summary>
    public void MoveTo(IChangeFeed feed)
    {
        Feed.Dispose();
        Feed = feed;
        _leaving.Clear();
        foreach (KeyEntry entry in InFeed)
        {
            entry.FeedPlace = -1;
            _joining.Add(entry);
        }

        Array.Clear(_byPlace, 0, _byPlace.Length);
    }
}
