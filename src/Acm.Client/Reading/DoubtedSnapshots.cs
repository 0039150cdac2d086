using Acm.Client.Calls;
using Acm.Client.Local;

namespace Acm.Client.Reading;

/// <summary>
/// Verifies in the background, in sequential batches, whether configurations that a server did not find are absent. Sequential batches limit the load when a server answers "not found" for
/// thousands of keys. Thread-safe.
/// </summary>
/// <param name="store">The snapshots.</param>
/// <param name="absence">Verifies that configurations are absent.</param>
/// <param name="setAside">Invalidates the snapshot of an absent configuration.</param>
/// <param name="log">Log for background work.</param>
internal sealed class DoubtedSnapshots(SnapshotStore store, AbsenceProver absence, Action<string, ConfigKey, CallLog> setAside, CallLog log)
{
    private const int MostAtOnce = 64;

    private readonly object _gate = new();
    private readonly HashSet<(string Namespace, ConfigKey Key)> _doubted = [];
    private readonly Queue<Doubt> _waiting = new();
    private bool _isAtWork;

    /// <summary>Queues a configuration for verification and starts the background work if needed. Does not wait.</summary>
    public void Add(string @namespace, ConfigKey key)
    {
        if (store.Read(@namespace, key) is not { State: SnapshotState.Found, Config: { } kept }) return;

        lock (_gate)
        {
            if (!_doubted.Add((@namespace, key))) return;

            _waiting.Enqueue(new Doubt(@namespace, key, kept.Md5, kept.Written));
            if (_isAtWork) return;
            _isAtWork = true;
        }

        _ = WorkAsync();
    }

    private async Task WorkAsync()
    {
        while (Next() is { Count: > 0 } some)
        {
            await ProveAsync(some).ConfigureAwait(false);
            lock (_gate)
            {
                foreach (Doubt doubt in some) _doubted.Remove((doubt.Namespace, doubt.Key));
            }
        }
    }

    /// <summary>Dequeues the next batch, all of one namespace; an empty batch ends the work.</summary>
    private List<Doubt> Next()
    {
        var next = new List<Doubt>();
        lock (_gate)
        {
            while (_waiting.Count > 0 && next.Count < MostAtOnce && (next.Count == 0 || next[0].Namespace == _waiting.Peek().Namespace)) next.Add(_waiting.Dequeue());
            _isAtWork = next.Count > 0;
        }

        return next;
    }

    private async Task ProveAsync(List<Doubt> some)
    {
        try
        {
            HashSet<ConfigKey> existing = [.. await absence.FindExistingAsync(some[0].Namespace, [.. some.Select(doubt => doubt.Key)], call: null, absence.Ending).ConfigureAwait(false)];
            foreach (Doubt doubt in some)
            {
                if (!existing.Contains(doubt.Key) && IsKeptStill(doubt)) setAside(doubt.Namespace, doubt.Key, log);
            }
        }
        catch (OperationCanceledException) when (absence.Ending.IsCancellationRequested)
        {
            // The connection closed: the snapshots stay, and the next connection verifies again.
            return;
        }
#pragma warning disable CA1031 // Nobody waits for this. Whatever fails, the snapshots stay, which is told in the log.
        catch (Exception e)
#pragma warning restore CA1031
        {
            log.Write(AcmLogLevel.Verbose, $"The snapshot of '{some[0].Key}'{(some.Count == 1 ? " is" : $" and {some.Count - 1} more are")} kept: {e.Message}");
        }
    }

    /// <summary>Returns whether the snapshot is unchanged: the configuration may have been published again meanwhile.</summary>
    private bool IsKeptStill(Doubt doubt) =>
        store.Read(doubt.Namespace, doubt.Key) is { State: SnapshotState.Found, Config: { } now } && now.Md5 == doubt.Md5 && now.Written == doubt.Written;

    private sealed record Doubt(string Namespace, ConfigKey Key, string Md5, DateTimeOffset Written);
}
