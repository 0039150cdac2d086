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
/// Reads and writes configuration in one namespace. Thread-safe; one instance, with its pooled connections, serves a whole session.
/// Constructing it sends nothing.
/// </summary>
public sealed class AcmClient : IDisposable
{
    private const int MaxPageSize = 500;
    internal const int MaxParallelism = 1000;

    private readonly AcmConnection _connection;
    private readonly bool _isView;

    /// <summary>Creates a client. Nothing is sent before the first call.</summary>
    /// <param name="options">How to connect.</param>
    /// <param name="clock">Source of time; null for the system's.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the namespace is not a namespace id.</exception>
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

    /// <summary>How this client connects.</summary>
    public AcmClientOptions Options => _connection.Options;

    /// <summary>The namespace that every call of this instance reads and writes; empty for the blank one.</summary>
    public string Namespace { get; }

    /// <summary>Whether the server lists <see cref="Namespace"/>, as <see cref="FindNamespaceAsync"/> found out; null where it was not asked, or did not tell. What is in a namespace that is not listed is not seen in the console.</summary>
    public bool? IsNamespaceListed { get; }

    /// <summary>What the connected servers can do, as far as is known by now.</summary>
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

    /// <summary>The kind of server: what the options say, or what was found; null while nobody knows.</summary>
    public AcmServerType? ServerType => _connection.ServerType;

    /// <summary>Sees to it that the kind of server is known, by which it is decided what can be done. Asks a server where nobody said.</summary>
    /// <exception cref="AcmException">No server can be reached, or what it is can't be told.</exception>
    public Task FindServerTypeAsync(AcmCallOptions? call = null, CancellationToken cancellationToken = default) => _connection.FindDialectAsync(call, cancellationToken);

    /// <summary>All watching of this connection.</summary>
    internal Watching.WatchHub Watching => _connection.Watching;

    /// <summary>The servers known by now as <c>host:port</c>, the one in use first; empty before the address server was asked.</summary>
    public IReadOnlyList<string> KnownServers => [.. _connection.Pool.Directory.Servers.Snapshot().Select(server => server.Text)];

    /// <summary>How the last attempt of any call to reach a server ended; null before the first.</summary>
    public ServerContact? LastContact => _connection.Pool.LastContact;

    /// <summary>The same connection seen from another namespace. Shares everything, costs nothing, need not be disposed.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: not a namespace id.</exception>
    public AcmClient ForNamespace(string @namespace)
    {
        string name = _connection.Protocol.CheckNamespace(@namespace);
        return name == Namespace ? this : new AcmClient(_connection, name);
    }

    /// <summary>
    /// Returns the client in the namespace that <see cref="Namespace"/> stands for where it is the name of one: Nacos has IDs and names. A server is asked once a minute for each text; where it does not tell, or
    /// there is no such name, the text is an ID.
    /// </summary>
    /// <param name="call">What differs in this call.</param>
    /// <param name="isForWrite">True for a client that writes: the ID that an earlier connection found is then not used while no server can be asked.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: several namespaces have this name; the message has their IDs. Any kind that a read can have, where no server can be asked.</exception>
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

    /// <summary>Checks a key by the rules of the protocol, without asking a server.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: the message tells which rule it breaks.</exception>
    public void CheckKey(ConfigKey key) => _connection.Protocol.CheckKey(key);

    /// <summary>Reads one configuration: from the failover folder, else from a server, else, where no server can be reached, from its snapshot.</summary>
    /// <exception cref="AcmException">Any kind that a read can have; <see cref="AcmErrorKind.ConfigNotFound"/> where there is none.</exception>
    public async Task<AcmConfig> GetAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        _connection.Protocol.CheckKey(key);
        OptionRules.Check(call);
        AcmConfig config = await Reader(call).GetAsync(Namespace, key, call, cancellationToken).ConfigureAwait(false);
        return await _connection.Cipher.OpenAsync(config, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Reads several configurations, in batches where the servers have batch get, else one by one with up to <paramref name="parallelism"/> in flight.
    /// One that fails does not stop the others. The results are in the order of <paramref name="keys"/>.
    /// </summary>
    /// <param name="keys">What to read.</param>
    /// <param name="parallelism">Requests in flight at once: 1 to 1,000.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<IReadOnlyList<ConfigResult>> GetManyAsync(IReadOnlyList<ConfigKey> keys, int parallelism = 16, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (keys is null) throw new ArgumentNullException(nameof(keys));
        OptionRules.Range(parallelism, 1, MaxParallelism, nameof(parallelism));
        OptionRules.Check(call);

        // A key that breaks the rules is its own error and must not spoil a batch.
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

    /// <summary>Reads one page of the namespace's list.</summary>
    /// <param name="pageNumber">From 1.</param>
    /// <param name="pageSize">1 to 500.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AcmException">Any kind that a read can have.</exception>
    public async Task<ConfigPage> ListPageAsync(int pageNumber, int pageSize, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        OptionRules.Range(pageNumber, 1, int.MaxValue, nameof(pageNumber));
        OptionRules.Range(pageSize, 1, MaxPageSize, nameof(pageSize));
        OptionRules.Check(call);
        return await _connection.Lister.ReadPageAsync(Namespace, ConfigFilter.All, pageNumber, pageSize, call, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Lists the configurations that a filter selects, each once, as the pages come. Paging is not a snapshot of the namespace: where its size changed meanwhile,
    /// the pages are read again and what was missed is added at the end.
    /// </summary>
    /// <param name="filter">Which; null: all.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">Any kind that a read can have; <see cref="AcmErrorKind.CapabilityMissing"/>: the servers store no types or tags to filter by.</exception>
    public IAsyncEnumerable<ConfigItem> ListAsync(ConfigFilter? filter = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        OptionRules.Check(call);
        OptionRules.Check(filter ??= ConfigFilter.All);
        return ListCheckedAsync(filter, call, cancellationToken);
    }

    private async IAsyncEnumerable<ConfigItem> ListCheckedAsync(ConfigFilter filter, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What can be filtered by, and how many items a page has, is the dialect's.
        await _connection.FindDialectAsync(call, cancellationToken).ConfigureAwait(false);
        IConfigProtocol protocol = _connection.Protocol;
        MetadataFields asked = (filter.Types.Count > 0 ? MetadataFields.Type : MetadataFields.None) | (filter.Tags.Count > 0 ? MetadataFields.Tags : MetadataFields.None);
        if ((asked & ~protocol.StoredMetadata) != 0) throw ConfigErrors.Missing(protocol.Name, "filter by type or tag, because they store none", "Filter by name or application name.");

        await foreach (ConfigItem item in _connection.Lister.ListAsync(Namespace, filter, call, cancellationToken).ConfigureAwait(false)) yield return item;
    }

    /// <summary>Reads a configuration that a list named, without a request where the list had its content (<see cref="ConfigFilter.WithContent"/>). Failover files go before it, and encrypted ones are always read.</summary>
    /// <param name="item">The item of a list of this namespace.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">Any kind that a read can have.</exception>
    public async Task<AcmConfig> GetListedAsync(ConfigItem item, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (item is null) throw new ArgumentNullException(nameof(item));
        if (!HasContent(item, call)) return await GetAsync(item.Key, call, cancellationToken).ConfigureAwait(false);

        AcmConfig config = ConfigFactory.FromList(item, _connection.Protocol);
        if (call?.NoSnapshot != true) _connection.Snapshots?.Keep(config, Log(call));
        return config;
    }

    /// <summary>Whether <see cref="GetListedAsync"/> asks no server.</summary>
    /// <param name="item">The item of a list of this namespace.</param>
    /// <param name="call">What differs in this call.</param>
    public bool HasContent(ConfigItem item, AcmCallOptions? call = null)
    {
        if (item is null) throw new ArgumentNullException(nameof(item));
        return item.Content is not null
            && item.Namespace == Namespace
            && !ConfigCipher.Concerns(item.Key)
            && (call?.NoFailover == true || _connection.Failover?.MayHave(Namespace, item.Key) != true);
    }

    /// <summary>Returns the snapshots of this namespace that hold a value, where they may stand in for a list that failed.</summary>
    internal IEnumerable<SnapshotInfo> SnapshotsInPlaceOf(AcmException error) =>
        Options is { NoSnapshot: false, SnapshotPath: { } path } && SnapshotReader.CanFallBackFor(error)
            ? new SnapshotFolder(path, Clock).List().Where(snapshot => snapshot.State == SnapshotState.Found && snapshot.Namespace == Namespace)
            : [];

    /// <summary>Creates or replaces a configuration. A write whose answer was lost is read back before it is tried again.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/> names a character that the protocol's charset lacks; <see cref="AcmErrorKind.Conflict"/> and <see cref="AcmErrorKind.ConfigExists"/> are failed conditions.</exception>
    public Task<PublishResult> PublishAsync(ConfigKey key, string content, PublishOptions? options = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default) =>
        Writes.PublishAsync(key, content, options, call, cancellationToken);

    /// <summary>Checks a publish without sending anything: name, content and options, as <see cref="PublishAsync"/> does first.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/> or <see cref="AcmErrorKind.InvalidContent"/>: this connection cannot publish it.</exception>
    public void CheckPublish(ConfigKey key, string content, PublishOptions? options = null) => Writes.Check(key, content, options);

    /// <summary>
    /// Reads the value that a publish would replace, and checks the conditions of the publish against it: what a preview shows. The value comes from a server, never from a failover file or a
    /// snapshot, and is decrypted where the publish would encrypt.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="options">The options of the publish; null for none.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The current value; null where there is none.</returns>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Conflict"/> and <see cref="AcmErrorKind.ConfigExists"/> are failed conditions.</exception>
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
            // Nothing to replace.
        }

        var condition = PublishCondition.From(options);
        return condition.IsMetBy(current?.Md5) ? current : throw ConfigErrors.ConditionFailed(condition, Namespace, key, exists: current is not null);
    }

    /// <summary>Why content that has to be encrypted would not be published, found without asking anybody; null where it would, as far as that tells.</summary>
    internal AcmException? Refusal(ConfigKey key, string content, PublishOptions? options) => _connection.Cipher.Refusal(key, content, options);

    /// <summary>Removes a configuration. That there was none is not an error: the protocol does not tell.</summary>
    /// <exception cref="AcmException">Any kind that a write can have.</exception>
    public Task RemoveAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) =>
        RemoveAsync(key, ifMatch: null, call, cancellationToken);

    /// <summary>Removes a configuration, if its content still has this MD5. That there is none any more is not an error.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Conflict"/>: the value is another one, and stays.</exception>
    internal Task RemoveAsync(ConfigKey key, string? ifMatch, AcmCallOptions? call, CancellationToken cancellationToken) => Writes.RemoveAsync(key, ifMatch, call, cancellationToken);

    /// <summary>
    /// Asks which keys a server holds another value of than the caller, without reading any. Large lists are asked for in parts of <see cref="AcmClientOptions.LongPollBatchSize"/> keys, several
    /// at once. Failover files and snapshots have no say in it.
    /// </summary>
    /// <param name="known">Keys, and of each the MD5 of the value that the caller has (32 hex digits); null where it has none.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The keys whose value is another one, or which exist where the MD5 is null, or do not exist where it is not; in their order, each once.</returns>
    /// <exception cref="AcmException">Any kind that a read can have.</exception>
    /// <exception cref="ArgumentException">A text is no MD5.</exception>
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

    /// <summary>Those of some keys that exist. Unlike a list, the answer is about each of them by name. That the others do not exist is proved, so that something may be removed for it.</summary>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ServerUnavailable"/>: it cannot be proved now.</exception>
    internal async Task<IReadOnlyList<ConfigKey>> FindExistingAsync(IReadOnlyList<ConfigKey> keys, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        IReadOnlyList<ConfigKey> known = await FindKnownAsync(keys, call, cancellationToken).ConfigureAwait(false);
        if (!_connection.Absence.IsNeeded || known.Count == keys.Count) return known;

        var denied = new HashSet<ConfigKey>(keys);
        denied.ExceptWith(known);
        return [.. known, .. await _connection.Absence.FindExistingAsync(Namespace, [.. denied], call, cancellationToken).ConfigureAwait(false)];
    }

    /// <summary>Those of some keys that a server names. It may have others as well.</summary>
    internal Task<IReadOnlyList<ConfigKey>> FindKnownAsync(IReadOnlyList<ConfigKey> keys, AcmCallOptions? call, CancellationToken cancellationToken) =>
        FindDifferencesAsync([.. keys.Select(key => new KeyValuePair<ConfigKey, string?>(key, null))], call, cancellationToken);

    /// <summary>
    /// Watches keys: tells the callback the value that each has now, and from then on each change, until the watcher or this client is disposed of. Returns at once, whether or not a server can be reached.
    /// Calls of the callback for one watcher never overlap; up to <see cref="AcmClientOptions.CallbackConcurrency"/> watchers are called at once. What the callback throws is logged and noted as the key's last error.
    /// </summary>
    /// <param name="keys">What to watch; a key that is named twice is watched once.</param>
    /// <param name="callback">Is told each change, on a thread of its own, with a token that is cancelled when the watcher ends.</param>
    /// <param name="options">What to be told; null for all.</param>
    /// <param name="log">Where this watcher's lines go, besides the client's log; null for nowhere.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/>: a key breaks the rules of the protocol; <see cref="AcmErrorKind.NotConnected"/>: this client was disposed of.</exception>
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
    /// Tells of the configurations that filters select as they are created, until it is cancelled or this client is disposed of. Servers that tell of names do so at once (the fuzzy watch of Nacos 3, within
    /// its limits); elsewhere the list is read at an interval. An error of a reading is logged, and the next one follows.
    /// </summary>
    /// <param name="filters">Which: by pattern and condition of the name. A configuration is told that one of them selects.</param>
    /// <param name="interval">How long to wait before each reading of the list.</param>
    /// <param name="transport">How changes are to be noticed: with <see cref="AcmWatchTransport.LongPoll"/> and <see cref="AcmWatchTransport.Poll"/> the list is read.</param>
    /// <param name="call">What differs in the readings of the list.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Keys of configurations that exist. A key may be named again.</returns>
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

    /// <summary>Asks the server who listens to a configuration.</summary>
    /// <param name="key">The configuration. It need not exist.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not tell.</exception>
    public Task<IReadOnlyList<ConfigListener>> GetListenersAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Listeners.OfAsync(key, call, cancellationToken);

    /// <summary>Asks the server what a client listens to in this namespace.</summary>
    /// <param name="address">IP address of the client, as the server sees it.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server does not tell.</exception>
    public Task<IReadOnlyList<ConfigListener>> GetListenersAtAsync(string address, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Listeners.AtAsync(address, call, cancellationToken);

    /// <summary>Lists the namespaces of the server, the default one first.</summary>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server keeps no list of namespaces.</exception>
    public Task<IReadOnlyList<ConfigNamespace>> GetNamespacesAsync(AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.ListAsync(call, cancellationToken);

    /// <summary>Finds a namespace by its ID; null where the server does not list it.</summary>
    /// <param name="namespace">The namespace ID; empty for the default one.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server keeps no list of namespaces.</exception>
    public Task<ConfigNamespace?> GetNamespaceAsync(string @namespace, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.FindAsync(@namespace, call, cancellationToken);

    /// <summary>Adds a namespace.</summary>
    /// <param name="added">ID, name and description.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigExists"/>: there is one with this ID; <see cref="AcmErrorKind.InvalidKey"/>: the ID or the name is not valid.</exception>
    public Task AddNamespaceAsync(ConfigNamespace added, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.AddAsync(added, call, cancellationToken);

    /// <summary>Replaces name and description of a namespace that exists.</summary>
    /// <param name="changed">ID, name and description; an empty description clears it.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: there is none with this ID; <see cref="AcmErrorKind.InvalidKey"/>: the name is not valid.</exception>
    public Task SetNamespaceAsync(ConfigNamespace changed, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.SetAsync(changed, call, cancellationToken);

    /// <summary>Removes a namespace that has no configurations: servers would leave them behind, alive and unseen.</summary>
    /// <param name="namespace">The namespace ID.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: there is none with this ID; <see cref="AcmErrorKind.Conflict"/>: it has configurations.</exception>
    public Task RemoveNamespaceAsync(string @namespace, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Namespaces.RemoveAsync(@namespace, call, cancellationToken);

    /// <summary>Reads the history of a configuration, newest change first, as the pages come. Servers keep it for a time: 30 days by default.</summary>
    /// <param name="key">The configuration. It need not exist any more.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server keeps no history.</exception>
    public IAsyncEnumerable<ConfigRevision> GetHistoryAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => History.ListAsync(key, call, cancellationToken);

    /// <summary>Reads the history of a configuration with the configuration before and after each change, newest first. Each change is a request of its own.</summary>
    /// <param name="key">The configuration. It need not exist any more.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server keeps no history.</exception>
    public IAsyncEnumerable<RevisionDetail> GetHistoryDetailsAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => History.ListDetailsAsync(key, call, cancellationToken);

    /// <summary>Reads a configuration as it was.</summary>
    /// <param name="key">The configuration. It need not exist any more.</param>
    /// <param name="query">Which state.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the history does not have the state, or the configuration did not exist then.</exception>
    public Task<AcmConfig> GetRevisionAsync(ConfigKey key, RevisionQuery query, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => History.GetAsync(key, query, call, cancellationToken);

    /// <summary>Plans to restore a configuration as it was. Changes nothing.</summary>
    /// <param name="key">The configuration. It need not exist any more.</param>
    /// <param name="query">Which state.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the history does not have the state, or the configuration did not exist then: restoring never removes.</exception>
    public Task<RestorePlan> PlanRestoreAsync(ConfigKey key, RevisionQuery query, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => History.PlanRestoreAsync(key, query, call, cancellationToken);

    /// <summary>Publishes a configuration as it was, with its metadata where the history has it, if nobody has changed it since the plan was made.</summary>
    /// <param name="plan">What <see cref="PlanRestoreAsync"/> returned.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.Conflict"/> and <see cref="AcmErrorKind.ConfigExists"/>: it was changed since.</exception>
    public Task<PublishResult> RestoreAsync(RestorePlan plan, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (plan is null) throw new ArgumentNullException(nameof(plan));
        return PublishAsync(plan.Key, plan.Wanted.RawContent, plan.Options, call, cancellationToken);
    }

    /// <summary>Reads a gray version of a configuration.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="target">Which version.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: there is none; <see cref="AcmErrorKind.CapabilityMissing"/>: the server keeps none, or does not tell.</exception>
    public Task<GrayConfig> GetGrayAsync(ConfigKey key, GrayTarget target, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Gray.GetAsync(key, target, call, cancellationToken);

    /// <summary>Whether a beta version of a configuration is stored, with or without formal content. False also where the servers keep none, or do not tell.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<bool> HasBetaAsync(ConfigKey key, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Gray.HasBetaAsync(key, call, cancellationToken);

    /// <summary>Publishes a version of a configuration for some clients; the others keep the formal content. No condition protects it: servers compare nothing.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="content">The content.</param>
    /// <param name="target">Which clients get it.</param>
    /// <param name="options">Whether and how it is encrypted; conditions and metadata do not apply.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The version as it was sent. The version of a tag can't be read back at once: reads for clients are behind for a moment.</returns>
    /// <exception cref="AcmException">Any kind that a write can have; <see cref="AcmErrorKind.CapabilityMissing"/>: the server keeps no such versions, or kept the addresses of another beta version.</exception>
    public Task<AcmConfig> PublishGrayAsync(ConfigKey key, string content, GrayTarget target, PublishOptions? options = null, AcmCallOptions? call = null, CancellationToken cancellationToken = default) =>
        Gray.PublishAsync(key, content, target, options, call, cancellationToken);

    /// <summary>Removes a gray version; its clients get the formal content.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="target">Which version.</param>
    /// <param name="call">What differs in this call.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: there is none; <see cref="AcmErrorKind.CapabilityMissing"/>: the server did not do it, whatever it answered.</exception>
    public Task RemoveGrayAsync(ConfigKey key, GrayTarget target, AcmCallOptions? call = null, CancellationToken cancellationToken = default) => Gray.RemoveAsync(key, target, call, cancellationToken);

    /// <summary>Tests the connection step by step; each row says what to do where it failed. Writes nothing to a server.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestConnectionAsync(AcmCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        OptionRules.Check(call);
        await foreach (ConnectionCheck check in new ConnectionTest(_connection, Namespace, call).RunAsync(cancellationToken).ConfigureAwait(false)) yield return check;
    }

    /// <summary>Tests encryption step by step: what KMS is asked for, with which credentials, and a round trip. Each row says what to do where it failed. Asks KMS only, and stores nothing.</summary>
    public async IAsyncEnumerable<ConnectionCheck> TestEncryptionAsync(AcmCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        OptionRules.Check(call);
        await foreach (ConnectionCheck check in new EncryptionTest(_connection.Cipher.Kms, Clock, call?.TryTimeout ?? CallLimits.Total(Options, Options.TryTimeout)).RunAsync(cancellationToken).ConfigureAwait(false)) yield return check;
    }

    /// <summary>Ends all calls and closes the connections. Views made by <see cref="ForNamespace"/> end with it; disposing a view does nothing.</summary>
    public void Dispose()
    {
        if (!_isView) _connection.Dispose();
    }

    /// <summary>Source of time.</summary>
    internal TimeProvider Clock => _connection.Clock;

    /// <summary>The dialect's rules of names and content.</summary>
    internal IConfigProtocol Protocol => _connection.Protocol;

    private WriteCalls Writes => new(_connection, Namespace);

    private GrayCalls Gray => new(_connection, Namespace);

    private HistoryCalls History => new(_connection, Namespace);

    private ListenerCalls Listeners => new(_connection, Namespace);

    private NamespaceCalls Namespaces => new(_connection);

    private IConfigReader Reader(AcmCallOptions? call) => call?.SnapshotsOnly == true ? _connection.LocalReader : _connection.Reader;

    private CallLog Log(AcmCallOptions? call) => new(Options.Log, call?.Log);
}
