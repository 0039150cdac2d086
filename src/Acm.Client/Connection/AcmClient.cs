using System.Runtime.CompilerServices;
using Acm.Client.Calls;
using Acm.Client.Encryption;
using Acm.Client.Local;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Text;
using Acm.Client.Watching.Feeds;

namespace Acm.Client;

/// <summary>
/// Reads, writes and watches the configurations of one namespace. Thread-safe; one instance with its connection pool serves a whole session.
/// </summary>
public sealed class AcmClient : IDisposable
{
    private const int MaxPageSize = 500;
    internal const int MaxParallelism = 1000;

    private readonly AcmConnection _connection;
    private readonly bool _isView;

    /// <summary>Creates a client. No request is sent before the first call.</summary>
    /// <param name="options">The connection options.</param>
    /// <param name="clock">Source of time; null for the system clock.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the namespace ID is not valid.</exception>
    public AcmClient(AcmClientOptions options, TimeProvider? clock = null)
        : this(options, clock, JitterSource.Next)
    {
    }

    internal AcmClient(AcmClientOptions options, TimeProvider? clock, Func<double> random, Dialect? dialect = null)
    {
        _connection = new AcmConnection(options ?? throw new ArgumentNullException(nameof(options)), clock ?? TimeProvider.System, random, dialect);
        Namespace = _connection.Protocol.CheckNamespace(options.Namespace);
    }

    private AcmClient(AcmConnection connection, string @namespace, bool? isListed = null)
    {
        _connection = connection;
        _isView = true;
        Namespace = @namespace;
        IsNamespaceListed = isListed;
    }

    /// <summary>Gets the connection options.</summary>
    public AcmClientOptions Options => _connection.Options;

    /// <summary>Gets the namespace ID of this client; empty for the default namespace.</summary>
    public string Namespace { get; }

    /// <summary>Gets whether the server lists <see cref="Namespace"/>, as <see cref="FindNamespaceAsync"/> found; null if unknown. The console does not show configurations of a namespace that is not listed.</summary>
    public bool? IsNamespaceListed { get; }

    /// <summary>Gets the capabilities of the connected servers, as far as they are known.</summary>
    public AcmCapabilities Capabilities => new()
    {
        Protocol = _connection.Protocol.Name,
        ServerVersion = _connection.Known?.Version,
        Generation = _connection.Known?.Generation,
        ConditionalPublish = _connection.Known?.ComparesMd5,
        Metadata = _connection.ServerType is null ? null : (_connection.Protocol.StoredMetadata & MetadataFields.Tags) != 0,
        BatchGet = _connection.Capabilities.Has(Capability.BatchGet),
        LongPoll = _connection.Capabilities.Has(Capability.LongPoll),
        MaxBatchSize = _connection.Protocol.MaxBatchSize,
    };

    /// <summary>Gets the server type, as specified or detected; null while unknown.</summary>
    public AcmServerType? ServerType => _connection.ServerType;

    /// <summary>Detects the server type, which determines the capabilities, unless it is specified or known.</summary>
    /// <exception cref="AcmException">No server is reachable, or its type cannot be determined.</exception>
    public Task FindServerTypeAsync(AcmCallOptions? call = null, CancellationToken cancellationToken = default) => _connection.FindDialectAsync(call, cancellationToken);

    /// <summary>Gets the watchers of this connection.</summary>
    internal Watching.WatchHub Watching => _connection.Watching;

    /// <summary>Gets the known servers as <c>host:port</c>, the one in use first; empty before the address server was asked.</summary>
    public IReadOnlyList<string> KnownServers => [.. _connection.Pool.Directory.Servers.Snapshot().Select(server => server.Text)];

    /// <summary>Gets the result of the last request to a server; null before the first.</summary>
    public ServerContact? LastContact => _connection.Pool.LastContact;

    /// <summary>Returns a view of the same connection for another namespace. It shares all resources and need not be disposed.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the namespace ID is not valid.</exception>
    public AcmClient ForNamespace(string @namespace)
    {
        string name = _connection.Protocol.CheckNamespace(@namespace);
        return name == Namespace ? this : new AcmClient(_connection, name);
    }

    /// <summary>
    /// Resolves <see cref="Namespace"/> if it is a namespace name (Nacos has IDs and names) and returns the client for its ID. Results are cached for a minute. If the server does not list namespaces, or
    /// none has this name, the text is used as an ID.
    /// </summary>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="isForWrite">True for a client that writes: an ID saved by an earlier connection is then not used while no server is reachable.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: several namespaces have this name; the message lists their IDs. Any kind of a read if no server can be asked.</exception>
    public async Task<AcmClient> FindNamespaceAsync(AcmCallOptions? call = null, bool isForWrite = false, CancellationToken cancellationToken = default)
    {
        if (Namespace.Length == 0 || (_connection.ServerType == AcmServerType.Acm && !_connection.IsDialectUnknown)) return this;

        try
        {
            await _connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (!isForWrite && e.Kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout && _connection.Namespaces.Remembered(Namespace) is not null)
        {
            return ForNamespace(_connection.Namespaces.Remembered(Namespace)!);
        }

        if (_connection.Protocol is not INamespaceNames names) return this;

        FoundNamespace found = await _connection.Namespaces.FindAsync(names, Namespace, mayRemember: !isForWrite, call, cancellationToken).ConfigureAwait(false);
        string id = _connection.Protocol.CheckNamespace(found.Id);
        return id == Namespace && found.IsListed == IsNamespaceListed ? this : new AcmClient(_connection, id, found.IsListed);
    }

    /// <summary>Validates a key by the rules of the protocol, without a request.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the key is not valid; the message names the rule.</exception>
    public void CheckKey(ConfigKey key) => _connection.Protocol.CheckKey(key);

    /// <summary>Reads a configuration from the failover folder, otherwise from a server, or from its snapshot if no server is reachable.</summary>
    /// <exception cref="AcmException">The read failed; <see cref="AcmErrorKind.ConfigNotFound"/>: the configuration does not exist.</exception>
    public async Task<AcmConfig> GetAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        _connection.Protocol.CheckKey(key);
        OptionRules.Check(call);
        AcmConfig config = await Reader(call).GetAsync(Namespace, key, call, cancellationToken).ConfigureAwait(false);
        return await _connection.Cipher.OpenAsync(config, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads several configurations, in batches if the servers support them, otherwise individually with up to <paramref name="parallelism"/> requests in parallel.
    /// A failure does not affect the other keys. The results are in the order of <paramref name="keys"/>.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <param name="parallelism">Maximum number of parallel requests: 1 to 1,000.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<ConfigResult>> GetManyAsync(IReadOnlyList<ConfigKey> keys, int parallelism = 16, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (keys is null) throw new ArgumentNullException(nameof(keys));
        OptionRules.Range(parallelism, 1, MaxParallelism, nameof(parallelism));
        OptionRules.Check(call);

        // An invalid key gets its own error and must not fail a batch.
        var results = new ConfigResult?[keys.Count];
        var valid = new List<int>(keys.Count);
        for (int i = 0; i < keys.Count; i++)
        {
            try
            {
                _connection.Protocol.CheckKey(keys[i]);
                valid.Add(i);
            }
            catch (AcmException e)
            {
                results[i] = new ConfigResult(keys[i], e);
            }
        }

        ConfigResult[] read = await Reader(call).GetManyAsync(Namespace, [.. valid.Select(i => keys[i])], parallelism, call, cancellationToken).ConfigureAwait(false);
        await _connection.Cipher.OpenAsync(read, call, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < valid.Count; i++) results[valid[i]] = read[i];
        return results!;
    }

    /// <summary>Reads one page of the list of configurations.</summary>
    /// <param name="pageNumber">The page, starting at 1.</param>
    /// <param name="pageSize">The page size: 1 to 500.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">The read failed.</exception>
    public async Task<ConfigPage> ListPageAsync(int pageNumber, int pageSize, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        OptionRules.Range(pageNumber, 1, int.MaxValue, nameof(pageNumber));
        OptionRules.Range(pageSize, 1, MaxPageSize, nameof(pageSize));
        OptionRules.Check(call);
        return await _connection.Lister.ReadPageAsync(Namespace, ConfigFilter.All, pageNumber, pageSize, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Lists the configurations that match a filter, each once, as pages arrive. Paging is not a consistent snapshot: if the total changes in the meantime,
    /// the pages are read again and missed items are added at the end.
    /// </summary>
    /// <param name="filter">The filter; null for all configurations.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">The read failed; <see cref="AcmErrorKind.CapabilityMissing"/>: the servers do not store types or tags to filter by.</exception>
    public IAsyncEnumerable<ConfigItem> ListAsync(ConfigFilter? filter = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        OptionRules.Check(call);
        OptionRules.Check(filter ??= ConfigFilter.All);
        return ListCheckedAsync(filter, call, cancellationToken);
    }

    private async IAsyncEnumerable<ConfigItem> ListCheckedAsync(ConfigFilter filter, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Filters and page size depend on the server type.
        await _connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        IConfigProtocol protocol = _connection.Protocol;
        MetadataFields asked = (filter.Types.Count > 0 ? MetadataFields.Type : MetadataFields.None) | (filter.Tags.Count > 0 ? MetadataFields.Tags : MetadataFields.None);
        if ((asked & ~protocol.StoredMetadata) != 0) throw ConfigErrors.Missing(protocol.Name, "filter by type or tag, because they store none", "Filter by name or application name.");

        await foreach (ConfigItem item in _connection.Lister.ListAsync(Namespace, filter, call, cancellationToken).ConfigureAwait(false)) yield return item;
    }

    /// <summary>Reads a listed configuration, without a request if the list contains its content (<see cref="ConfigFilter.WithContent"/>). Failover files take precedence, and encrypted configurations are always read.</summary>
    /// <param name="item">The item of a list of this namespace.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">The read failed.</exception>
    public async Task<AcmConfig> GetListedAsync(ConfigItem item, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (item is null) throw new ArgumentNullException(nameof(item));
        if (!HasContent(item, call)) return await GetAsync(item.Key, call, cancellationToken).ConfigureAwait(false);

        AcmConfig config = ConfigFactory.FromList(item, _connection.Protocol);
        if (call?.NoSnapshot != true) _connection.Snapshots?.Keep(config, Log(call));
        return config;
    }

    /// <summary>Returns whether <see cref="GetListedAsync"/> needs no request.</summary>
    /// <param name="item">The item of a list of this namespace.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    public bool HasContent(ConfigItem item, AcmCallOptions? call = null)
    {
        if (item is null) throw new ArgumentNullException(nameof(item));
        return item.Content is not null
            && item.Namespace == Namespace
            && !ConfigCipher.Concerns(item.Key)
            && (call?.NoFailover == true || _connection.Failover?.MayHave(Namespace, item.Key) != true);
    }

    /// <summary>Returns the snapshots of this namespace, if they may replace a list that failed.</summary>
    internal IEnumerable<SnapshotInfo> SnapshotsInPlaceOf(AcmException error) =>
        Options is { NoSnapshot: false, SnapshotPath: { } path } && SnapshotReader.CanFallBackFor(error)
            ? new SnapshotFolder(path, Clock).List().Where(snapshot => snapshot.State == SnapshotState.Found && snapshot.Namespace == Namespace)
            : [];

    /// <summary>Creates or replaces a configuration. If the response is lost, the stored value is read before the write is retried.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>: a character cannot be encoded; <see cref="AcmErrorKind.Conflict"/> or <see cref="AcmErrorKind.ConfigExists"/>: the precondition failed.</exception>
    public Task<PublishResult> PublishAsync(ConfigKey key, string content, PublishOptions? options = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default) =>
        Writes.PublishAsync(key, content, options, call, cancellationToken);

    /// <summary>Validates name, content and options of a publish without a request.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/> or <see cref="AcmErrorKind.InvalidContent"/>: this connection cannot publish it.</exception>
    public void CheckPublish(ConfigKey key, string content, PublishOptions? options = null) => Writes.Check(key, content, options);

    /// <summary>
    /// Reads the value that a publish would replace and checks the preconditions against it, for a dry run. The value comes from a server, never from a failover file or
    /// snapshot, and is decrypted if the publish would encrypt.
    /// </summary>
    /// <param name="key">The configuration.</param>
    /// <param name="options">The options of the publish; null for none.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The current value; null if there is none.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Conflict"/> or <see cref="AcmErrorKind.ConfigExists"/>: the precondition failed.</exception>
    public async Task<AcmConfig?> GetReplacedAsync(ConfigKey key, PublishOptions? options = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        var asStored = new AcmCallOptions { TryTimeout = call?.TryTimeout, Log = call?.Log, NoSnapshot = true, NoFailover = true, NoDecrypt = options?.IsRaw == true || Options.Kms is null };
        AcmConfig? current = null;
        try
        {
            current = await GetAsync(key, asStored, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound)
        {
            // There is nothing to replace.
        }

        var condition = PublishCondition.From(options);
        return condition.IsMetBy(current?.Md5) ? current : throw ConfigErrors.ConditionFailed(condition, Namespace, key, exists: current is not null);
    }

    /// <summary>Returns why a configuration cannot be published encrypted, as far as that is known without a request; null if it can.</summary>
    internal AcmException? Refusal(ConfigKey key, string content, PublishOptions? options) => _connection.Cipher.Refusal(key, content, options);

    /// <summary>Removes a configuration. Succeeds if it does not exist, because the protocol does not report that.</summary>
    /// <exception cref="AcmException">The write failed.</exception>
    public Task RemoveAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) =>
        RemoveAsync(key, ifMatch: null, call, cancellationToken);

    /// <summary>Removes a configuration if its content has the given MD5. Succeeds if it does not exist.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Conflict"/>: the value is another one and was not removed.</exception>
    internal Task RemoveAsync(ConfigKey key, string? ifMatch, AcmCallOptions? call, CancellationToken cancellationToken) => Writes.RemoveAsync(key, ifMatch, call, cancellationToken);

    /// <summary>
    /// Finds the keys whose value on the server differs from the caller's, without reading content. Long lists are split into parts of <see cref="AcmClientOptions.LongPollBatchSize"/> keys, several
    /// in parallel. Failover files and snapshots are ignored.
    /// </summary>
    /// <param name="known">The keys with the MD5 of the caller's value (32 hexadecimal digits); null if the caller has none.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The keys with another value, those that exist although the MD5 is null, and those that do not exist although it is not; in input order, each once.</returns>
    /// <exception cref="AcmException">The read failed.</exception>
    /// <exception cref="ArgumentException">A text is not a valid MD5 hash.</exception>
    public async Task<IReadOnlyList<ConfigKey>> FindDifferencesAsync(IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (known is null) throw new ArgumentNullException(nameof(known));
        OptionRules.Check(call);
        foreach (KeyValuePair<ConfigKey, string?> pair in known)
        {
            _connection.Protocol.CheckKey(pair.Key);
            if (pair.Value is { } md5 && !Md5Hex.IsValid(md5)) throw new ArgumentException($"'{md5}' of '{pair.Key}' is not a valid MD5 hash: 32 hexadecimal digits are expected.", nameof(known));
        }

        return await _connection.Differences.FindAsync(Namespace, known, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the keys that exist, looked up by name. The absence of the others is proven, so it may be used to remove something.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ServerUnavailable"/>: absence cannot be proven now.</exception>
    internal async Task<IReadOnlyList<ConfigKey>> FindExistingAsync(IReadOnlyList<ConfigKey> keys, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        IReadOnlyList<ConfigKey> known = await FindKnownAsync(keys, call, cancellationToken).ConfigureAwait(false);
        if (!_connection.Absence.IsNeeded || known.Count == keys.Count) return known;

        var denied = new HashSet<ConfigKey>(keys);
        denied.ExceptWith(known);
        return [.. known, .. await _connection.Absence.FindExistingAsync(Namespace, [.. denied], call, cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>Returns the keys that a server reports as existing. Others may exist as well.</summary>
    internal Task<IReadOnlyList<ConfigKey>> FindKnownAsync(IReadOnlyList<ConfigKey> keys, AcmCallOptions? call, CancellationToken cancellationToken) =>
        FindDifferencesAsync([.. keys.Select(key => new KeyValuePair<ConfigKey, string?>(key, null))], call, cancellationToken);

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

    /// <summary>Gets the clients that listen to a configuration.</summary>
    /// <param name="key">The configuration; it need not exist.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not report listeners.</exception>
    public Task<IReadOnlyList<ConfigListener>> GetListenersAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Listeners.OfAsync(key, call, cancellationToken);

    /// <summary>Gets the configurations of this namespace that a client listens to.</summary>
    /// <param name="address">IP address of the client, as the server sees it.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not report listeners.</exception>
    public Task<IReadOnlyList<ConfigListener>> GetListenersAtAsync(string address, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Listeners.AtAsync(address, call, cancellationToken);

    /// <summary>Lists the namespaces of the server, the default one first.</summary>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not list namespaces.</exception>
    public Task<IReadOnlyList<ConfigNamespace>> GetNamespacesAsync(AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.ListAsync(call, cancellationToken);

    /// <summary>Finds a namespace by its ID; returns null if the server does not list it.</summary>
    /// <param name="namespace">The namespace ID; empty for the default namespace.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not list namespaces.</exception>
    public Task<ConfigNamespace?> GetNamespaceAsync(string @namespace, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.FindAsync(@namespace, call, cancellationToken);

    /// <summary>Creates a namespace.</summary>
    /// <param name="added">ID, name and description.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigExists"/>: the ID exists already; <see cref="AcmErrorKind.InvalidKey"/>: the ID or the name is not valid.</exception>
    public Task AddNamespaceAsync(ConfigNamespace added, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.AddAsync(added, call, cancellationToken);

    /// <summary>Replaces name and description of an existing namespace.</summary>
    /// <param name="changed">ID, name and description; an empty description clears it.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the ID does not exist; <see cref="AcmErrorKind.InvalidKey"/>: the name is not valid.</exception>
    public Task SetNamespaceAsync(ConfigNamespace changed, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.SetAsync(changed, call, cancellationToken);

    /// <summary>Removes an empty namespace. Servers would keep serving the configurations of a removed namespace.</summary>
    /// <param name="namespace">The namespace ID.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the ID does not exist; <see cref="AcmErrorKind.Conflict"/>: it contains configurations.</exception>
    public Task RemoveNamespaceAsync(string @namespace, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.RemoveAsync(@namespace, call, cancellationToken);

    /// <summary>Reads the history of a configuration, newest change first, as pages arrive. Servers keep it for a limited time, 30 days by default.</summary>
    /// <param name="key">The configuration; it need not exist any more.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server has no history.</exception>
    public IAsyncEnumerable<ConfigRevision> GetHistoryAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => History.ListAsync(key, call, cancellationToken);

    /// <summary>Reads the history of a configuration with the states before and after each change, newest first. Each change is a separate request.</summary>
    /// <param name="key">The configuration; it need not exist any more.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server has no history.</exception>
    public IAsyncEnumerable<RevisionDetail> GetHistoryDetailsAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => History.ListDetailsAsync(key, call, cancellationToken);

    /// <summary>Reads a past state of a configuration.</summary>
    /// <param name="key">The configuration; it need not exist any more.</param>
    /// <param name="query">The state.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the history does not contain the state, or the configuration did not exist then.</exception>
    public Task<AcmConfig> GetRevisionAsync(ConfigKey key, RevisionQuery query, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => History.GetAsync(key, query, call, cancellationToken);

    /// <summary>Plans the restore of a past state, without changing anything.</summary>
    /// <param name="key">The configuration; it need not exist any more.</param>
    /// <param name="query">The state.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the history does not contain the state, or the configuration did not exist then. A restore never removes a configuration.</exception>
    public Task<RestorePlan> PlanRestoreAsync(ConfigKey key, RevisionQuery query, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => History.PlanRestoreAsync(key, query, call, cancellationToken);

    /// <summary>Publishes a past state with its metadata, as far as the history contains it, unless the configuration was changed after planning.</summary>
    /// <param name="plan">The plan from <see cref="PlanRestoreAsync"/>.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Conflict"/> or <see cref="AcmErrorKind.ConfigExists"/>: it was changed in the meantime.</exception>
    public Task<PublishResult> RestoreAsync(RestorePlan plan, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (plan is null) throw new ArgumentNullException(nameof(plan));
        return PublishAsync(plan.Key, plan.Wanted.RawContent, plan.Options, call, cancellationToken);
    }

    /// <summary>Reads a gray release of a configuration.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="target">The release.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: there is no such release; <see cref="AcmErrorKind.CapabilityMissing"/>: the server does not support or report gray releases.</exception>
    public Task<GrayConfig> GetGrayAsync(ConfigKey key, GrayTarget target, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Gray.GetAsync(key, target, call, cancellationToken);

    /// <summary>Returns whether a beta release of a configuration exists, even without formal content. False if the servers do not support or report gray releases.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<bool> HasBetaAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Gray.HasBetaAsync(key, call, cancellationToken);

    /// <summary>Publishes a gray release for some clients; the others keep the formal content. There is no precondition, because servers do not support one.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="content">The content.</param>
    /// <param name="target">The clients that receive it.</param>
    /// <param name="options">Encryption options; preconditions and metadata do not apply. Null for none.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The release as it was sent. The release of a tag cannot be read back immediately, because reads lag behind for a moment.</returns>
    /// <exception cref="AcmException">The write failed; <see cref="AcmErrorKind.CapabilityMissing"/>: the server does not support gray releases, or kept the addresses of another beta release.</exception>
    public Task<AcmConfig> PublishGrayAsync(ConfigKey key, string content, GrayTarget target, PublishOptions? options = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default) =>
        Gray.PublishAsync(key, content, target, options, call, cancellationToken);

    /// <summary>Removes a gray release; its clients receive the formal content.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="target">The release.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: there is no such release; <see cref="AcmErrorKind.CapabilityMissing"/>: the server reported success but did not remove it.</exception>
    public Task RemoveGrayAsync(ConfigKey key, GrayTarget target, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Gray.RemoveAsync(key, target, call, cancellationToken);

    /// <summary>Tests the connection step by step; each failed step has advice. Does not write to a server.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestConnectionAsync(AcmCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        OptionRules.Check(call);
        await foreach (ConnectionCheck check in new ConnectionTest(_connection, Namespace, call).RunAsync(cancellationToken).ConfigureAwait(false)) yield return check;
    }

    /// <summary>Tests encryption step by step: the KMS key, the credentials, and a round trip. Each failed step has advice. Calls KMS only, and stores nothing.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestEncryptionAsync(AcmCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        OptionRules.Check(call);
        await foreach (ConnectionCheck check in new EncryptionTest(_connection.Cipher.Kms, Clock, call?.TryTimeout ?? CallLimits.Total(Options, Options.TryTimeout)).RunAsync(cancellationToken).ConfigureAwait(false)) yield return check;
    }

    /// <summary>Cancels all calls and closes the connections, also for views created by <see cref="ForNamespace"/>. Disposing a view does nothing.</summary>
    public void Dispose()
    {
        if (!_isView) _connection.Dispose();
    }

    /// <summary>Gets the source of time.</summary>
    internal TimeProvider Clock => _connection.Clock;

    /// <summary>Gets the dialect.</summary>
    internal IConfigProtocol Protocol => _connection.Protocol;

    private WriteCalls Writes => new(_connection, Namespace);

    private GrayCalls Gray => new(_connection, Namespace);

    private HistoryCalls History => new(_connection, Namespace);

    private ListenerCalls Listeners => new(_connection, Namespace);

    private NamespaceCalls Namespaces => new(_connection);

    private IConfigReader Reader(AcmCallOptions? call) => call?.SnapshotsOnly == true ? _connection.LocalReader : _connection.Reader;

    private CallLog Log(AcmCallOptions? call) => new(Options.Log, call?.Log);
}
