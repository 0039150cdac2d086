using Acm.Client.Encryption;
using Acm.Client.Local;
using Acm.Client.Reading;
using Acm.Client.Watching.Feeds;

namespace Acm.Client.Watching;

/// <summary>
/// The watchers of one client, the namespaces that they watch, and their shared resources. Nothing runs before the first watcher and after the last.
/// </summary>
internal sealed class WatchHub : IDisposable
{
    private readonly Dictionary<(string Namespace, AcmWatchTransport Transport, bool IncludesMetadata), WatchSpace> _spaces = [];
    private readonly HashSet<ConfigWatcher> _watchers = [];
    private readonly CancellationTokenSource _ending = new();
    private bool _hasEnded;
    private long _restsSince;

    /// <param name="options">The client's options.</param>
    /// <param name="feeds">Creates feeds of changes.</param>
    /// <param name="batchSize">Maximum number of keys in one batch.</param>
    /// <param name="reader">The first reader of the session.</param>
    /// <param name="answers">Verifies removals and older values.</param>
    /// <param name="snapshots">Saves snapshots; null if none are kept.</param>
    /// <param name="snapshotsAlone">Reads snapshots only; null if there are none.</param>
    /// <param name="failover">The failover folder; null if there is none.</param>
    /// <param name="cipher">Decrypts values.</param>
    /// <param name="clock">Source of time.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    public WatchHub(
        AcmClientOptions options, ChangeFeeds feeds, int batchSize, IConfigReader reader, AnswerCheck answers, SnapshotReader? snapshots, IConfigReader? snapshotsAlone, FailoverStore? failover, ConfigCipher cipher, TimeProvider clock, Func<double> random)
    {
        Feeds = feeds;
        Clock = clock;
        Random = random;
        ClientLog = options.Log;
        Callbacks = new CallbackRunner(options.CallbackConcurrency);
        Retries = new RetryClock(clock);
        Reader = new KeyReader(this, reader, answers, snapshotsAlone, cipher, batchSize);
        Snapshots = new SnapshotKeeper(this, snapshots);
        Ending = _ending.Token;
        if (failover is not null) Failover = new FailoverWatch(this, failover);
    }

    /// <summary>Gets the lock for the state of watchers, namespaces, batches and keys ("the gate"). Held for moments only, and never while external code runs.</summary>
    public object Gate { get; } = new();

    public ChangeFeeds Feeds { get; }

    public TimeProvider Clock { get; }

    public Func<double> Random { get; }

    public IAcmLog? ClientLog { get; }

    public CallbackRunner Callbacks { get; }

    public RetryClock Retries { get; }

    public KeyReader Reader { get; }

    public SnapshotKeeper Snapshots { get; }

    public FailoverWatch? Failover { get; }

    /// <summary>Gets a token that is cancelled when the client is disposed.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Gets the watched namespaces. Requires the gate.</summary>
    public IReadOnlyCollection<WatchSpace> Spaces => _spaces.Values;

    /// <summary>Creates a watcher without waiting. The cost is proportional to the number of keys.</summary>
    public ConfigWatcher Watch(string @namespace, IReadOnlyList<ConfigKey> keys, Func<ConfigChange, CancellationToken, ValueTask> callback, WatchOptions options, IAcmLog? log)
    {
        if (options.Transport == AcmWatchTransport.Grpc && !Feeds.CanPush)
        {
            throw new AcmException(AcmErrorKind.CapabilityMissing, "Changes cannot be pushed over gRPC: these servers or this version of PowerShell do not support it.") { Advice = "Use long polling. gRPC needs Nacos 2.0 or later, and PowerShell 7.", IsFinal = true };
        }

        var watcher = new ConfigWatcher(this, keys, @namespace, callback, options, log);
        WatchSpace? space;
        KeyEntry? failing;
        AcmWatchTransport? used;
        WatchFailure? reason;
        lock (Gate)
        {
            if (_hasEnded) throw new AcmException(AcmErrorKind.NotConnected, "The connection was closed.") { IsFinal = true };

            _watchers.Add(watcher);
            if (!_spaces.TryGetValue(PlaceOf(watcher), out space)) _spaces.Add(PlaceOf(watcher), space = new WatchSpace(this, @namespace, options.Transport, options.IncludeMetadata));
            var subscriptions = new Subscription[keys.Count];
            for (int i = 0; i < subscriptions.Length; i++) subscriptions[i] = space.Subscribe(watcher, keys[i]);
            watcher.Begin(subscriptions);
            Failover?.Start();
            failing = Array.Find(subscriptions, subscription => subscription.Entry.State == WatchState.BackingOff)?.Entry;
            reason = failing?.LastError;
            used = space.TransportInUse;
        }

        // An earlier failure was logged before this watcher existed, so it is logged for it once.
        if (used is { } standIn and not AcmWatchTransport.Grpc && Feeds.FallBack is { } fallBack) space.Tell([log], fallBack, standIn);
        if (failing is not null) space.LogFailure([log], reason?.Kind, isNew: true, $"Watching '{failing.Key}' is interrupted, and resumes after a pause. {reason?.Message}");
        return watcher;
    }

    /// <summary>Returns a key that is watched with the watcher's options; null if there is none. Requires the gate.</summary>
    public KeyEntry? Find(ConfigWatcher watcher, ConfigKey key) => _spaces.TryGetValue(PlaceOf(watcher), out WatchSpace? space) ? space.Find(key) : null;

    /// <summary>Returns whether there has been no watcher for a time. Requires the gate.</summary>
    public bool HasRestedFor(TimeSpan time) => _watchers.Count == 0 && Clock.GetElapsedTime(_restsSince) > time;

    /// <summary>Removes one key of a watcher. Requires the gate.</summary>
    public void Remove(Subscription subscription)
    {
        WatchSpace space = _spaces[PlaceOf(subscription.Watcher)];
        space.Unsubscribe(subscription);
        if (space.IsEmpty) _spaces.Remove(PlaceOf(subscription.Watcher));
    }

    /// <summary>Removes a watcher, and the keys that no other one watches.</summary>
    /// <returns>False if it was removed before.</returns>
    public bool Remove(ConfigWatcher watcher)
    {
        lock (Gate)
        {
            if (!_watchers.Remove(watcher)) return false;

            if (_spaces.TryGetValue(PlaceOf(watcher), out WatchSpace? space)) space.Forget(watcher.Log);
            foreach (Subscription subscription in watcher.Subscriptions) Remove(subscription);
            watcher.End();
            if (_watchers.Count > 0) return true;

            _restsSince = Clock.GetTimestamp();
            Retries.Clear();
            Failover?.Stop();
            return true;
        }
    }

    /// <summary>Returns the interval for comparing the values of a namespace if servers do not report changes.</summary>
    public TimeSpan PollIntervalOf(string @namespace)
    {
        lock (Gate) return _watchers.Where(watcher => watcher.Namespace == @namespace).Min(watcher => watcher.PollInterval) ?? ChangeFeeds.PollInterval;
    }

    /// <summary>Returns the logs of a namespace's watchers.</summary>
    public IReadOnlyList<IAcmLog?> LogsOf(WatchSpace space)
    {
        lock (Gate) return [.. _watchers.Where(watcher => watcher.Log is not null && PlaceOf(watcher) == (space.Name, space.Transport, space.IncludesMetadata)).Select(watcher => watcher.Log)];
    }

    /// <summary>Ends all watchers.</summary>
    public void Dispose()
    {
        ConfigWatcher[] watchers;
        lock (Gate)
        {
            _hasEnded = true;
            watchers = [.. _watchers];
        }

        foreach (ConfigWatcher watcher in watchers) watcher.Dispose();
        _ending.Cancel();
        Retries.Dispose();
    }

    private static (string Namespace, AcmWatchTransport Transport, bool IncludesMetadata) PlaceOf(ConfigWatcher watcher) => (watcher.Namespace, watcher.Transport, watcher.IncludesMetadata);
}
