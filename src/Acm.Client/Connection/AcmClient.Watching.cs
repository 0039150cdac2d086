using System.Runtime.CompilerServices;
using Acm.Client.Watching.Feeds;

namespace Acm.Client;

public sealed partial class AcmClient
{
    /// <summary>
    /// Watches keys: calls the callback with the current value of each key and with each change, until the watcher or this client is disposed. Returns immediately, even if no server is reachable.
    /// Callbacks of one watcher never overlap; up to <see cref="AcmClientOptions.CallbackConcurrency"/> watchers run callbacks in parallel. Exceptions of the callback are logged and recorded as the key's last error.
    /// </summary>
    /// <param name="keys">The keys; duplicates are watched once.</param>
    /// <param name="callback">Receives each change on its own thread, with a token that is cancelled when the watcher ends.</param>
    /// <param name="options">Options of the watcher; null for the defaults.</param>
    /// <param name="log">The log of this watcher, in addition to the client's; null for none.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: a key is not valid; <see cref="AcmErrorKind.NotConnected"/>: this client was disposed.</exception>
    public ConfigWatcher Watch(IEnumerable<ConfigKey> keys, Func<ConfigChange, CancellationToken, ValueTask> callback, WatchOptions? options = null, IAcmLog? log = null)
    {
        if (keys is null) throw new ArgumentNullException(nameof(keys));
        if (callback is null) throw new ArgumentNullException(nameof(callback));

        var seen = new HashSet<ConfigKey>();
        var distinct = new List<ConfigKey>();
        foreach (ConfigKey key in keys)
        {
            _connection.Protocol.CheckKey(key);
            if (seen.Add(key)) distinct.Add(key);
        }

        return _connection.Watching.Watch(Namespace, distinct, callback, options ?? new WatchOptions(), log);
    }

    /// <summary>
    /// Reports configurations that match a filter as they are created, until it is cancelled or this client is disposed. Servers with fuzzy watch (Nacos 3) push new names, within their limits;
    /// for others the list is read at an interval. A failed read is logged, and the next one follows.
    /// </summary>
    /// <param name="filters">Filters by pattern and condition of the name; a configuration is reported if it matches one of them.</param>
    /// <param name="interval">Delay before each read of the list.</param>
    /// <param name="transport">How changes are detected; <see cref="AcmWatchTransport.LongPoll"/> and <see cref="AcmWatchTransport.Poll"/> read the list.</param>
    /// <param name="call">Options of the list reads; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Keys of existing configurations. A key may be reported again.</returns>
    public async IAsyncEnumerable<IReadOnlyList<ConfigKey>> FollowAsync(
        IReadOnlyList<ConfigFilter> filters, TimeSpan interval, AcmWatchTransport transport = AcmWatchTransport.Auto, AcmCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (filters is null) throw new ArgumentNullException(nameof(filters));
        OptionRules.Check(call);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _connection.Watching.Ending);
        using NameFeed feed = _connection.Watching.Feeds.NewNames(Namespace, filters, token => ListNamesAsync(call, token), interval, transport);
        while (!_connection.Watching.Ending.IsCancellationRequested)
        {
            IReadOnlyCollection<ConfigKey> names = [];
            try
            {
                names = await feed.NextAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && _connection.Watching.Ending.IsCancellationRequested)
            {
                yield break;
            }
            catch (AcmException e) when (e.Kind != AcmErrorKind.NotConnected)
            {
                Log(call).Write(AcmLogLevel.Verbose, $"The list could not be read for new names. {e.Message}");
            }

            ConfigKey[] found = [.. names.Where(key => filters.Any(filter => filter.Matches(key)))];
            if (found.Length > 0) yield return found;
        }
    }

    private async Task<IReadOnlyList<ConfigKey>> ListNamesAsync(AcmCallOptions? call, CancellationToken cancellationToken)
    {
        var names = new List<ConfigKey>();
        await foreach (ConfigItem item in ListAsync(null, call, cancellationToken).ConfigureAwait(false)) names.Add(item.Key);
        return names;
    }
}
