using Acm.Client.Calls;
using Acm.Client.Reading;

namespace Acm.Client.Watching;

/// <summary>
/// Saves the values of watched keys as snapshots in the background, because writing thousands of files takes longer than reading the values. Saves one at a time, and only the latest value of
/// each key.
/// </summary>
internal sealed class SnapshotKeeper
{
    /// <summary>How long after the last watcher ended pending snapshots are still written.</summary>
    private static readonly TimeSpan LongestAfterwards = TimeSpan.FromMilliseconds(500);

    private readonly Queue<(WatchSpace Space, KeyEntry Entry)> _waiting = new();
    private readonly WatchHub _hub;
    private readonly SnapshotReader? _snapshots;
    private bool _isRunning;

    /// <param name="hub">The owner of the keys.</param>
    /// <param name="snapshots">Saves the snapshots; null if none are kept.</param>
    public SnapshotKeeper(WatchHub hub, SnapshotReader? snapshots)
    {
        _hub = hub;
        _snapshots = snapshots;
    }

    /// <summary>Gets whether everything is written.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_hub.Gate) return !_isRunning;
        }
    }

    /// <summary>Gets the number of pending keys; each is queued once, however often its value changes.</summary>
    public int Waiting
    {
        get
        {
            lock (_hub.Gate) return _waiting.Count;
        }
    }

    /// <summary>Queues the latest value of a key to be saved, or its removal. Requires the gate.</summary>
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
#pragma warning disable CA1031 // Nobody awaits this: one failure must not affect the snapshots of other keys.
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

                // A failover file that replaced the value in the meantime is not saved.
                if (entry.Value is null or { Source: ConfigSource.Server }) return (space, entry, entry.Value);
            }

            _isRunning = false;
            return null;
        }
    }
}
