using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// Watches keys and new names that match patterns. Servers report the new names, or the list of the namespace is read at intervals. The callback is called
/// for one change at a time.
/// </summary>
internal sealed class PatternWatcher : IAsyncDisposable, IDisposable
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly AcmClient _client;
    private readonly PatternFollowing _following;
    private readonly Func<AcmConfigChange, CancellationToken, ValueTask> _callback;
    private readonly CallbackQueue? _lane;
    private readonly AcmWatchTransport _transport;
    private readonly AcmCallOptions? _call;
    private readonly HashSet<ConfigKey> _seen;
    private readonly List<KeyPattern> _excluded = [];
    private readonly Task _follows = Task.CompletedTask;

    // The first watcher has the initial keys, and each later one the new names of one list.
    private ConfigWatcher[] _watchers;

    private PatternWatcher(
        AcmClient client,
        IReadOnlyList<ConfigKey> keys,
        PatternFollowing following,
        Func<AcmConfigChange, CancellationToken, ValueTask> callback,
        WatchOptions options,
        AcmCallOptions? call)
    {
        _client = client;
        _following = following;
        _callback = callback;
        _call = call;
        _transport = options.Transport;
        _seen = [.. keys];
        _lane = options.Lane ?? (following.Patterns.Count > 0 ? new CallbackQueue() : null);
        _watchers = [client.Watch(keys, (change, token) => callback(new AcmConfigChange(change, isAdded: false), token), options with { Lane = _lane, PollInterval = following.ComparisonInterval, IncludeMetadata = following.IncludesMetadata }, call?.Log)];
        if (following.Patterns.Count > 0) _follows = FollowAsync();
    }

    /// <summary>Starts to watch.</summary>
    /// <param name="client">The client for the namespace.</param>
    /// <param name="keys">The initial keys.</param>
    /// <param name="following">The patterns for new names.</param>
    /// <param name="callback">Called for each change.</param>
    /// <param name="options">The options for the initial keys. All changes of new names are reported.</param>
    /// <param name="call">The options for list requests, or null for the client's defaults.</param>
    /// <exception cref="AcmException">The session is closed (<see cref="AcmErrorKind.NotConnected"/>).</exception>
    internal static PatternWatcher Begin(
        AcmClient client,
        IReadOnlyList<ConfigKey> keys,
        PatternFollowing following,
        Func<AcmConfigChange, CancellationToken, ValueTask> callback,
        WatchOptions options,
        AcmCallOptions? call) => new(client, keys, following, callback, options, call);

    /// <summary>Gets the keys that are watched.</summary>
    internal IReadOnlyList<ConfigKey> Keys => All is [var only] ? only.Keys : [.. All.SelectMany(watcher => watcher.Keys)];

    internal string Namespace => All[0].Namespace;

    /// <summary>Gets a task that completes when all initial keys were read once.</summary>
    internal Task Ready => All[0].Ready;

    /// <summary>Gets a task that completes when the watching has ended.</summary>
    internal Task Completion => All[0].Completion;

    private ConfigWatcher[] All => Volatile.Read(ref _watchers);

    internal bool Contains(ConfigKey key) => Array.Exists(All, watcher => watcher.Contains(key));

    internal IReadOnlyList<WatchedKey> Status() => All is [var only] ? only.Status() : [.. All.SelectMany(watcher => watcher.Status())];

    /// <summary>Stops watching keys, even if they are removed and created again.</summary>
    internal void Remove(IReadOnlyCollection<ConfigKey> keys)
    {
        foreach (ConfigWatcher watcher in All) watcher.Remove(keys);
    }

    /// <summary>Stops watching new names that match a pattern.</summary>
    internal void Exclude(KeyPattern pattern)
    {
        lock (_gate) _excluded.Add(pattern);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ending.Cancel();
        foreach (ConfigWatcher watcher in End()) watcher.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _ending.Cancel();
        foreach (ConfigWatcher watcher in End()) await watcher.DisposeAsync().ConfigureAwait(false);
        await _follows.ConfigureAwait(false);
    }

    private ConfigWatcher[] End()
    {
        lock (_gate) return _watchers;
    }

    private async Task FollowAsync()
    {
        try
        {
            ConfigFilter[] filters = [.. _following.Patterns.Select(pattern => pattern.ToFilter())];
            await foreach (IReadOnlyList<ConfigKey> found in _client.FollowAsync(filters, _following.Interval, _transport, _call, _ending.Token).ConfigureAwait(false)) Watch(New(found));
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            return;
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.NotConnected)
        {
            return;
        }
    }

    private List<ConfigKey> New(IReadOnlyList<ConfigKey> found)
    {
        lock (_gate) return [.. found.Where(key => !_seen.Contains(key) && !_excluded.Exists(pattern => pattern.Matches(key)))];
    }

    private void Watch(List<ConfigKey> added)
    {
        if (added.Count == 0) return;

        lock (_gate)
        {
            if (_ending.IsCancellationRequested) return;

            _seen.UnionWith(added);
            AddWatcher(added);
        }
    }

    private void AddWatcher(List<ConfigKey> added)
    {
        try
        {
            ConfigWatcher watcher = _client.Watch(added, (change, token) => _callback(new AcmConfigChange(change, isAdded: true), token), new WatchOptions { Lane = _lane, PollInterval = _following.ComparisonInterval, Transport = _transport, IncludeMetadata = _following.IncludesMetadata }, _call?.Log);
            Volatile.Write(ref _watchers, [.. _watchers, watcher]);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.InvalidKey)
        {
            // The server can have names that this connection does not allow. They are skipped; the others are watched one by one.
            if (added.Count > 1)
                foreach (ConfigKey key in added) AddWatcher([key]);
        }
    }
}
