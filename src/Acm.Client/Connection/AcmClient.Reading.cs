using System.Runtime.CompilerServices;
using Acm.Client.Encryption;
using Acm.Client.Local;
using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Text;

namespace Acm.Client;

public sealed partial class AcmClient
{
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

    private IConfigReader Reader(AcmCallOptions? call) => call?.SnapshotsOnly == true ? _connection.LocalReader : _connection.Reader;
}
