using System.Diagnostics.CodeAnalysis;
using Acm.Client.Calls;
using Acm.Client.Local;
using Acm.Client.Text;

namespace Acm.Client.Watching;

/// <summary>
/// Detects added, removed and edited failover files by comparing file stamps: without a failover folder this costs nothing, and otherwise the cost depends on the number of files, not of
/// watched keys. A key whose file changed is read again.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A cancellation source without a timer holds no resources.")]
internal sealed class FailoverWatch
{
    /// <summary>Up to this many keys are looked up individually; for more, listing the files is cheaper.</summary>
    private const int FewKeys = 100;

    /// <summary>The delay between checks is at least this multiple of their duration.</summary>
    private const int RestPerLook = 100;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);

    private readonly object _looking = new();
    private readonly WatchHub _hub;
    private readonly FailoverStore _store;
    private Dictionary<string, FileStamp> _stamps = new(StringComparer.Ordinal);
    private CancellationTokenSource? _ending;

    public FailoverWatch(WatchHub hub, FailoverStore store)
    {
        _hub = hub;
        _store = store;
    }

    /// <summary>Starts checking, if not started yet. Requires the gate.</summary>
    public void Start()
    {
        if (_ending is not null) return;

        _ending = new CancellationTokenSource();
        CancellationToken ending = _ending.Token;
        Task.Run(() => RunAsync(ending), CancellationToken.None);
    }

    /// <summary>Stops checking. Requires the gate.</summary>
    public void Stop()
    {
        if (_ending is not { } ending) return;

        _ending = null;
        Task.Run(ending.Cancel);
    }

    /// <summary>Returns the keys that may have a failover file now.</summary>
    public HashSet<KeyEntry> Candidates(string @namespace, IReadOnlyList<KeyEntry> entries)
    {
        if (!_store.Exists) return [];
        if (entries.Count <= FewKeys) return [.. entries.Where(entry => _store.MayHave(@namespace, entry.Key))];

        Look(out Dictionary<string, FileStamp> stamps);
        var keys = new HashSet<ConfigKey>(stamps.Keys.SelectMany(path => _store.KeysOf(path, @namespace)));
        return [.. entries.Where(entry => keys.Contains(entry.Key) || FailoverStore.HasHashedName(@namespace, entry.Key))];
    }

    private async Task RunAsync(CancellationToken ending)
    {
        int failures = 0;
        while (!ending.IsCancellationRequested)
        {
            try
            {
                long started = _hub.Clock.GetTimestamp();
                ReadChanged();
                TimeSpan look = _hub.Clock.GetElapsedTime(started);
                TimeSpan rest = TimeSpan.FromTicks(Math.Max(RestPerLook * look.Ticks, ShortestRest.Ticks));
                await _hub.Clock.PauseAsync(rest, ending).ConfigureAwait(false);
                failures = 0;
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // The last watcher ended.
                return;
            }
#pragma warning disable CA1031 // Nobody awaits this task: an unexpected failure is logged, and the folder is checked again.
            catch (Exception e)
#pragma warning restore CA1031
            {
                await FailAsync(++failures, e, ending).ConfigureAwait(false);
            }
        }
    }

    private async Task FailAsync(int failures, Exception fault, CancellationToken ending)
    {
        TimeSpan pause = BackOff.After(failures, random: 1);
        WatchLog.Write(
            [_hub.ClientLog],
            failures == 1 ? AcmLogLevel.Warning : AcmLogLevel.Verbose,
            $"Watching the failover folder failed unexpectedly: {fault.GetType().Name}: {fault.Message} Trying again in {pause.AsPause()}.");
        try
        {
            await _hub.Clock.PauseAsync(pause, ending).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The last watcher ended; the caller checks it.
            return;
        }
    }

    private void ReadChanged()
    {
        List<string> changed;
        lock (_looking)
        {
            Dictionary<string, FileStamp> before = _stamps;
            Look(out _stamps);
            changed = Differences(before, _stamps);
        }

        if (changed.Count == 0) return;

        var readings = new List<(WatchSpace Space, KeyReading Reading)>();
        lock (_hub.Gate)
        {
            foreach (WatchSpace space in _hub.Spaces)
            {
                HashSet<KeyEntry> entries = Concerned(space, changed);
                if (entries.Count > 0) readings.Add((space, KeyReader.Begin([.. entries], wasReported: false)));
            }
        }

        foreach ((WatchSpace space, KeyReading reading) in readings) _ = _hub.Reader.RunAsync(space, reading);
    }

    private HashSet<KeyEntry> Concerned(WatchSpace space, List<string> paths)
    {
        var entries = new HashSet<KeyEntry>();
        foreach (string path in paths)
        {
            foreach (ConfigKey key in _store.KeysOf(path, space.Name))
            {
                if (space.Find(key) is { } entry) entries.Add(entry);
            }
        }

        if (paths.Exists(FailoverStore.IsHashedName)) entries.UnionWith(space.Entries.Where(entry => FailoverStore.HasHashedName(space.Name, entry.Key)));
        return entries;
    }

    private void Look(out Dictionary<string, FileStamp> stamps)
    {
        try
        {
            stamps = _store.Stamps();
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // The folder was removed meanwhile or is not readable; the next check decides.
            stamps = _stamps;
        }
    }

    private static List<string> Differences(Dictionary<string, FileStamp> before, Dictionary<string, FileStamp> now)
    {
        var changed = new List<string>();
        foreach (KeyValuePair<string, FileStamp> file in now)
        {
            if (!before.TryGetValue(file.Key, out FileStamp stamp) || stamp != file.Value) changed.Add(file.Key);
        }

        changed.AddRange(before.Keys.Where(path => !now.ContainsKey(path)));
        return changed;
    }
}
