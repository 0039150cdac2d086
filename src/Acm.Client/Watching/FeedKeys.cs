using Acm.Client.Watching.Feeds;

namespace Acm.Client.Watching;

/// <summary>
/// The keys of a batch and their places in its feed. The feed is touched between two waits only, so that what changes during one (keys that come and go, new MD5s) is noted and passed on
/// by <see cref="Apply"/>. Guarded by the hub's gate.
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

    /// <summary>Whether the feed still has keys that have left.</summary>
    public bool IsAnyLeaving => _leaving.Count > 0;

    /// <summary>The keys that the feed has.</summary>
    public IEnumerable<KeyEntry> InFeed => _byPlace.OfType<KeyEntry>();

    /// <summary>The key at a place of the feed; null where there is none.</summary>
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

    /// <summary>Has the next wait use the key's new MD5.</summary>
    public void Update(KeyEntry entry) => _updated.Add(entry);

    /// <summary>Passes to the feed what has changed since the last turn.</summary>
    /// <param name="newcomers">Is given the keys that the feed is to ask about for the first time; null for no interest.</param>
    public void Apply(List<KeyEntry>? newcomers)
    {
        foreach (int place in _leaving) Feed.Remove(place);
        _leaving.Clear();
        foreach (KeyEntry entry in _joining)
        {
            // It may have gone on since, or have come twice.
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

    /// <summary>Takes the keys of another batch, whose loop ends without them.</summary>
    public void Absorb(FeedKeys other)
    {
        foreach (KeyEntry entry in other.InFeed)
        {
            other.Remove(entry);
            Add(entry);
        }
    }

    /// <summary>Has another feed take over.</summary>
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
