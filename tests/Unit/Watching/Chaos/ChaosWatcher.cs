using Acm.Client;

namespace Acm.Tests.Watching.Chaos;

/// <summary>A watcher with what it was told: the newest content of each key, and what it was told twice.</summary>
internal sealed class ChaosWatcher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string?> _newest = [];
    private readonly HashSet<(string DataId, string Content)> _told = [];
    private readonly List<string> _repeated = [];
    private readonly AcmClient _client;
    private readonly ConfigWatcher _watcher;
    private readonly string[] _keys;

    /// <param name="endpoint">The servers.</param>
    /// <param name="transport">How it is to notice changes.</param>
    /// <param name="keys">What it watches.</param>
    /// <param name="clock">Its clock.</param>
    public ChaosWatcher(string endpoint, AcmWatchTransport transport, string[] keys, TimeProvider clock)
    {
        Transport = transport;
        _keys = keys;
        var options = new AcmClientOptions { Endpoint = endpoint, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true, LongPollTimeout = TimeSpan.FromSeconds(10) };
        _client = new AcmClient(options, clock, static () => 0.5);
        _watcher = _client.Watch([.. keys.Select(key => new ConfigKey(key))], TakeAsync, new WatchOptions { Transport = transport });
    }

    public AcmWatchTransport Transport { get; }

    /// <summary>Contents that came a second time, and removals that followed one another.</summary>
    public IReadOnlyList<string> Repeated
    {
        get
        {
            lock (_gate) return [.. _repeated];
        }
    }

    public IReadOnlyList<WatchedKey> Status() => _watcher.Status();

    /// <summary>The keys of which it was not told last what is stored.</summary>
    public IReadOnlyList<string> Behind(IReadOnlyDictionary<string, string?> stored)
    {
        lock (_gate) return [.. _keys.Where(key => _newest.GetValueOrDefault(key) != stored[key]).Select(key => $"{key} is '{stored[key]}' and was told as '{_newest.GetValueOrDefault(key)}'")];
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _client.Dispose();
    }

    public override string ToString() =>
        string.Join("; ", Status().GroupBy(key => (key.State, key.Transport, key.Server, key.LastError), (status, keys) => $"{keys.Count()} keys {status.State} by {status.Transport} at {status.Server}, last error '{status.LastError}'"));

    private ValueTask TakeAsync(ConfigChange change, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Each content is published once in all, so that any repetition is one too many.
            bool isNew = change.Content is { } content ? _told.Add((change.DataId, content)) : _newest.GetValueOrDefault(change.DataId) is not null;
            if (!isNew) _repeated.Add($"{change.Kind} {change.DataId} '{change.Content}'");
            _newest[change.DataId] = change.Content;
        }

        return default;
    }
}
