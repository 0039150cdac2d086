using Acm.Client.Calls;
using Acm.Client.Watching;

namespace Acm.Client;

/// <summary>
/// Watches one or more keys. The callback receives one change at a time, in the order in which they are detected; a slow watcher skips intermediate
/// values of a key and receives the latest one. A change for which the callback throws is reported again after a delay. Thread-safe.
/// </summary>
public sealed class ConfigWatcher : IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan LongestWaitForCallback = TimeSpan.FromSeconds(1);
    private static readonly AsyncLocal<ConfigWatcher?> InCallback = new();

    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly WatchHub _hub;
    private readonly Func<ConfigChange, CancellationToken, ValueTask> _callback;
    private Subscription[] _subscriptions = [];
    private Subscription? _firstQueued;
    private Subscription? _lastQueued;
    private bool _isBusy;
    private bool _hasEnded;
    private int _looksPending;
    private IReadOnlyList<ConfigKey> _keys;
    private long _delivered;

    internal ConfigWatcher(WatchHub hub, IReadOnlyList<ConfigKey> keys, string @namespace, Func<ConfigChange, CancellationToken, ValueTask> callback, WatchOptions options, IAcmLog? log)
    {
        _hub = hub;
        _callback = callback;
        Log = log;
        NoInitial = options.NoInitial;
        Lane = options.Lane;
        PollInterval = options.PollInterval;
        Transport = options.Transport;
        IncludesMetadata = options.IncludeMetadata;
        Namespace = @namespace;
        _keys = keys;
    }

    /// <summary>Gets the watched keys, each once, without those that were removed.</summary>
    public IReadOnlyList<ConfigKey> Keys => Volatile.Read(ref _keys);

    /// <summary>
    /// Gets a task that completes when each key was read once, so that all later changes are reported, even with <see cref="WatchOptions.NoInitial"/>; or when the first read failed or the watcher ended. Never fails.
    /// </summary>
    public Task Ready => _ready.Task;

    /// <summary>Gets the namespace ID of the keys; empty for the default namespace.</summary>
    public string Namespace { get; }

    /// <summary>Gets the worst state of all keys. The cost is proportional to their number.</summary>
    public WatchState State
    {
        get
        {
            lock (_hub.Gate)
            {
                if (_hasEnded) return WatchState.Stopped;

                WatchState worst = WatchState.Watching;
                foreach (Subscription subscription in _subscriptions)
                {
                    WatchState state = subscription.Entry.State;
                    if (state == WatchState.BackingOff) return state;
                    if (state == WatchState.Connecting) worst = state;
                }

                return worst;
            }
        }
    }

    /// <summary>Gets the number of changes that the callback has processed.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Gets a task that completes when the watcher or its client was disposed and no callback is running. Never fails.</summary>
    public Task Completion => _ended.Task;

    internal bool NoInitial { get; }

    internal CallbackQueue? Lane { get; }

    internal TimeSpan? PollInterval { get; }

    /// <summary>Gets how changes are detected.</summary>
    internal AcmWatchTransport Transport { get; }

    /// <summary>Gets whether changes of metadata only are reported.</summary>
    internal bool IncludesMetadata { get; }

    /// <summary>Gets the runner of the callback.</summary>
    internal CallbackRunner Callbacks => _hub.Callbacks;

    internal IAcmLog? Log { get; }

    internal IReadOnlyList<Subscription> Subscriptions => _subscriptions;

    /// <summary>Returns whether a key is watched. The cost does not depend on the number of keys.</summary>
    public bool Contains(ConfigKey key)
    {
        if (key is null) throw new ArgumentNullException(nameof(key));
        lock (_hub.Gate) return Find(key) is not null;
    }

    /// <summary>Stops watching keys; unknown keys are ignored, and no request is sent. A watcher without keys continues until it is disposed.</summary>
    public void Remove(IEnumerable<ConfigKey> keys)
    {
        if (keys is null) throw new ArgumentNullException(nameof(keys));

        ConfigKey[] leaving = [.. keys];
        lock (_hub.Gate)
        {
            int before = _subscriptions.Length;
            foreach (ConfigKey key in leaving)
            {
                if (Find(key) is { } subscription) _hub.Remove(subscription);
            }

            _subscriptions = Array.FindAll(_subscriptions, subscription => !subscription.HasEnded);
            if (_subscriptions.Length < before) _keys = Array.ConvertAll(_subscriptions, subscription => subscription.Entry.Key);
        }
    }

    /// <summary>Returns the status of each key, in the order of <see cref="Keys"/>.</summary>
    public IReadOnlyList<WatchedKey> Status()
    {
        lock (_hub.Gate)
        {
            var status = new WatchedKey[_subscriptions.Length];
            for (int i = 0; i < status.Length; i++)
            {
                Subscription subscription = _subscriptions[i];
                WatchBatch? batch = _hasEnded ? null : subscription.Entry.Batch;
                (string? server, DateTimeOffset? heard) = batch?.Contact ?? default;
                WatchFailure? last = WatchFailure.Newer(subscription.Entry.LastError, subscription.Trouble?.Last);
                status[i] = new WatchedKey
                {
                    Key = subscription.Entry.Key,
                    State = _hasEnded ? WatchState.Stopped : subscription.Entry.State,
                    LastChange = subscription.LastChange,
                    LastError = last?.Message,
                    LastErrorTime = last?.At,
                    Delivered = subscription.Delivered,
                    Transport = batch?.Transport,
                    TransportReason = batch?.TransportReason,
                    Server = server,
                    LastContact = heard,
                };
            }

            return status;
        }
    }

    /// <summary>Ends the watcher: no further change is reported, and the token of a running callback is cancelled. Does not wait for the callback.</summary>
    public void Dispose()
    {
        if (_hub.Remove(this)) _ending.Cancel();
    }

    /// <summary>Ends the watcher and waits up to one second for a running callback. Does not wait if called by the callback.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (InCallback.Value == this || Completion.IsCompleted) return;

        using var waited = new CancellationTokenSource();
        await Task.WhenAny(Completion, _hub.Clock.PauseAsync(LongestWaitForCallback, waited.Token)).ConfigureAwait(false);
        waited.Cancel();
    }

    /// <summary>Sets the subscriptions, in the order of the keys. Requires the gate.</summary>
    internal void Begin(Subscription[] subscriptions)
    {
        _subscriptions = subscriptions;
        _looksPending = subscriptions.Count(subscription => !subscription.Entry.WasLookedAt);
        if (_looksPending == 0) _ready.TrySetResult(true);
    }

    /// <summary>Records that a key was read for the first time. Requires the gate.</summary>
    internal void NoteLook()
    {
        if (--_looksPending == 0) _ready.TrySetResult(true);
    }

    /// <summary>Queues a subscription with a pending change. Requires the gate.</summary>
    internal void Enqueue(Subscription subscription)
    {
        if (_hasEnded) return;

        if (_lastQueued is null) _firstQueued = subscription;
        else _lastQueued.NextQueued = subscription;
        _lastQueued = subscription;
        if (_isBusy) return;

        _isBusy = true;
        _hub.Callbacks.Ready(this);
    }

    /// <summary>Records that the hub has removed this watcher. Requires the gate.</summary>
    internal void End()
    {
        _hasEnded = true;
        _firstQueued = null;
        _lastQueued = null;
        _ready.TrySetResult(true);
        if (Lane?.Leave(this) == true) _isBusy = false;
        if (!_isBusy) _ended.TrySetResult(true);
    }

    /// <summary>Reports the next queued change. Never fails.</summary>
    /// <returns>Whether more changes may be queued.</returns>
    internal async ValueTask<bool> TellNextAsync()
    {
        Subscription? subscription;
        ConfigChange? change;
        lock (_hub.Gate)
        {
            subscription = Dequeue(out change);
            if (subscription is null) return Rest();
        }

        Exception? error = null;
        InCallback.Value = this;
        try
        {
            await _callback(change!, _ending.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The callback may throw anything, which must not affect polls or other watchers; it is logged and shown in the status.
        catch (Exception e)
#pragma warning restore CA1031
        {
            error = e;
        }
        finally
        {
            InCallback.Value = null;
        }

        return Note(subscription, change!, error);
    }

    private Subscription? Find(ConfigKey key) => _hasEnded ? null : _hub.Find(this, key)?.Of(this);

    private Subscription? Dequeue(out ConfigChange? change)
    {
        change = null;
        while (_firstQueued is { } subscription)
        {
            _firstQueued = subscription.NextQueued;
            if (_firstQueued is null) _lastQueued = null;
            subscription.NextQueued = null;
            change = subscription.Take(_hub.Clock.GetUtcNow());
            if (change is not null) return subscription;
        }

        return null;
    }

    private bool Note(Subscription subscription, ConfigChange change, Exception? error)
    {
        lock (_hub.Gate)
        {
            if (error is null)
            {
                subscription.Succeeded(change);
                Interlocked.Increment(ref _delivered);
            }
            else if (!_hasEnded)
            {
                int failures = subscription.Failed(change, new WatchFailure(_hub.Clock.GetUtcNow(), $"The callback failed: {error.Message}"));
                if (failures > 0) TellAgainAfter(BackOff.After(failures, _hub.Random()), subscription);
            }
        }

        if (error is not null && !_ending.IsCancellationRequested)
        {
            WatchLog.Write([_hub.ClientLog, Log], AcmLogLevel.Warning, $"The callback for '{change.Key}' failed, and is called again after a pause: {error.GetType().Name}: {error.Message}");
        }

        lock (_hub.Gate) return _firstQueued is not null || Rest();
    }

    private void TellAgainAfter(TimeSpan pause, Subscription subscription) =>
        _hub.Retries.Add(_hub.Retries.Now + pause, () =>
        {
            lock (_hub.Gate)
            {
                if (!_hasEnded) subscription.Offer();
            }
        });

    private bool Rest()
    {
        _isBusy = false;
        if (_hasEnded) _ended.TrySetResult(true);
        return false;
    }
}
