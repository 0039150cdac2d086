using Acm.Client.Calls;
using Acm.Client.Reading;

namespace Acm.Client.Watching;

/// <summary>
/// Keeps what was read of watched keys as snapshots, as a get does, but behind the back of those who wait to be told: writing thousands of files takes longer than reading the values. One at a time, and of each key
/// the newest value.
/// </summary>
internal sealed class SnapshotKeeper
{
    /// <summary>How long after the last watcher what still waits is written.</summary>
    private static readonly TimeSpan LongestAfterwards = TimeSpan.FromMilliseconds(500);

    private readonly Queue<(WatchSpace Space, KeyEntry Entry)> _waiting = new();
    private readonly WatchHub _hub;
    private readonly SnapshotReader? _snapshots;
    private bool _isRunning;

    /// <param name="hub">Whose keys they are.</param>
    /// <param name="snapshots">The snapshot folder's reader; null where none is kept.</param>
    public SnapshotKeeper(WatchHub hub, SnapshotReader? snapshots)
    {
        _hub = hub;
        _snapshots = snapshots;
    }

    /// <summary>Whether all is written.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_hub.Gate) return !_isRunning;
        }
    }

    /// <summary>How many keys wait. Each waits once, however fast its values come.</summary>
    public int Waiting
    {
        get
        {
            lock (_hub.Gate) return _waiting.Count;
        }
    }

    /// <summary>Has the newest value of a key kept, or set aside where there is none. Under the gate.</summary>
    public void Add(WatchSpace space, KeyEntry entry)
    {
        if (_snapshots is null || entry.AwaitsSnapshot) return;

        entry.AwaitsSnapshot = true;
        _waiting.Enqueue((space, entry));
        if (_isRunning) return;

        _isRunning = true;
        Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    private void Run()
    {
        var log = new CallLog(_hub.ClientLog, null);
        while (Next() is { } next)
        {
            try
            {
                if (next.Value is null) _snapshots!.SetAsideOnceProved(next.Space.Name, next.Entry.Key, log);
                else next.Value.Keep(_snapshots!, next.Space.Name, next.Entry.Key, log);
            }
#pragma warning disable CA1031 // Nobody waits for this: the snapshots of the other keys must not be lost with one.
            catch (Exception e)
#pragma warning restore CA1031
            {
                WatchLog.Write([_hub.ClientLog], AcmLogLevel.Warning, $"The snapshot of '{next.Entry.Key}' could not be saved: {e.Message}");
            }
        }
    }

    private (WatchSpace Space, KeyEntry Entry, WatchedValue? Value)? Next()
    {
        lock (_hub.Gate)
        {
            if (_hub.HasRestedFor(LongestAfterwards)) _waiting.Clear();
            while (_waiting.Count > 0)
            {
                (WatchSpace space, KeyEntry entry) = _waiting.Dequeue();
                entry.AwaitsSnapshot = false;

                // Meanwhile a failover file may have taken its place, which is nothing to keep.
                if (entry.Value is null or { Source: ConfigSource.Server }) return (space, entry, entry.Value);
            }

            _isRunning = false;
            return null;
        }
    }
}
