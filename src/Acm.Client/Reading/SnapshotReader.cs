using Acm.Client.Calls;
using Acm.Client.Local;

namespace Acm.Client.Reading;

/// <summary>
/// Saves values from the servers as snapshots, and returns a snapshot if no server is reachable. A proven "not found" invalidates the snapshot; denied access is final; an invalid response or
/// an untrusted server does not cause a fallback.
/// </summary>
internal sealed class SnapshotReader : IConfigReader
{
    private readonly SnapshotStore _store;
    private readonly IConfigReader _next;
    private readonly IAcmLog? _log;
    private readonly AbsenceProver? _absence;
    private readonly DoubtedSnapshots? _doubted;

    /// <param name="store">The snapshots.</param>
    /// <param name="next">Reads from the servers.</param>
    /// <param name="log">Log for work that belongs to no call.</param>
    /// <param name="absence">Verifies that configurations are absent; null if no server is used.</param>
    public SnapshotReader(SnapshotStore store, IConfigReader next, IAcmLog? log, AbsenceProver? absence = null)
    {
        _store = store;
        _next = next;
        _log = log;
        _absence = absence;
        _doubted = absence is null ? null : new DoubtedSnapshots(store, absence, SetAside, new CallLog(log, null));
    }

    public async ValueTask<AcmConfig> GetAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (call?.NoSnapshot == true) return await _next.GetAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false);

        ValueTask<AcmConfig> reading = _next.GetAsync(@namespace, key, call, cancellationToken);

        // Looking up the file during the request saves about a tenth of the latency of a read from a nearby server.
        StoredIdentity? stored = reading.IsCompleted ? null : _store.Look(@namespace, key);
        AcmConfig config;
        try
        {
            config = await reading.ConfigureAwait(false);
        }
        catch (AcmException e)
        {
            return FallBack(@namespace, key, e, new CallLog(_log, call?.Log));
        }

        if (!config.IsOpen && stored?.Covers(new StoredIdentity(config.Md5, config.Charset, config.Metadata)) != true) Keep(config, new CallLog(_log, call?.Log));
        return config;
    }

    public async Task<ConfigResult[]> GetManyAsync(string @namespace, IReadOnlyList<ConfigKey> keys, int parallelism, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        ConfigResult[] results = await _next.GetManyAsync(@namespace, keys, parallelism, call, cancellationToken).ConfigureAwait(false);
        if (call?.NoSnapshot == true) return results;

        var log = new CallLog(_log, call?.Log);
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i].Config is { IsOpen: false } config) Keep(config, log);
            else if (results[i].Error is not null) results[i] = FallBack(@namespace, results[i], log);
        }

        return results;
    }

    /// <summary>Saves a server's value. A folder that cannot be written to only causes a warning.</summary>
    public void Keep(AcmConfig config, CallLog log) =>
        Keep(config.Namespace, config.Key, config.RawBytes, config.Md5, config.Charset, config.Metadata, config.LastModified, log);

    /// <inheritdoc cref="Keep(AcmConfig, CallLog)"/>
    public void Keep(string @namespace, ConfigKey key, ReadOnlyMemory<byte> bytes, string md5, string charset, ConfigMetadata metadata, DateTimeOffset? lastModified, CallLog log)
    {
        try
        {
            _store.Save(@namespace, key, bytes, md5, charset, metadata, lastModified);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.StorageFailed)
        {
            log.Write(AcmLogLevel.Warning, $"The snapshot of '{key}' could not be saved: {e.Message}");
        }
    }

    /// <summary>Returns whether a snapshot may be used after a failed read: not after denied access or an invalid response, because the server was reachable.</summary>
    public static bool CanFallBackFor(AcmException error) =>
        error.Kind is not (AcmErrorKind.ConfigNotFound or AcmErrorKind.AccessDenied or AcmErrorKind.AuthenticationFailed or AcmErrorKind.InvalidResponse or AcmErrorKind.ContentTooLarge or AcmErrorKind.UntrustedServer or AcmErrorKind.NotConnected)
        || (error.Kind == AcmErrorKind.AuthenticationFailed && IsSourceDown(error));

    /// <summary>Invalidates the snapshot of a configuration that a server did not find, once its absence is proven. Does not wait.</summary>
    public void SetAsideOnceProved(string @namespace, ConfigKey key, CallLog log)
    {
        if (_absence?.IsNeeded != true) SetAside(@namespace, key, log);
        else _doubted?.Add(@namespace, key);
    }

    /// <summary>Invalidates the snapshot of a configuration that no longer exists.</summary>
    public void SetAside(string @namespace, ConfigKey key, CallLog log)
    {
        try
        {
            _store.MarkAbsent(@namespace, key);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.StorageFailed)
        {
            log.Write(AcmLogLevel.Warning, $"The snapshot of '{key}' could not be set aside: {e.Message}");
        }
    }

    private ConfigResult FallBack(string @namespace, ConfigResult result, CallLog log)
    {
        try
        {
            return new ConfigResult(result.Key, FallBack(@namespace, result.Key, result.Error!, log));
        }
        catch (AcmException e)
        {
            return new ConfigResult(result.Key, e);
        }
    }

    private AcmConfig FallBack(string @namespace, ConfigKey key, AcmException error, CallLog log)
    {
        if (error is { Kind: AcmErrorKind.ConfigNotFound, IsFinal: true }) SetAside(@namespace, key, log);
        else if (error is { Kind: AcmErrorKind.ConfigNotFound } && _absence?.IsNeeded == true) SetAsideOnceProved(@namespace, key, log);
        if (!CanFallBackFor(error)) throw error;

        SnapshotRead read = _store.Read(@namespace, key);
        switch (read.State)
        {
            case SnapshotState.Found:
                return ConfigFactory.FromFile(@namespace, key, read.Config!, ConfigSource.Snapshot, $"'{key}' is a snapshot, last written {read.Config!.Written:u}, and may be stale: {error.Message}");
            case SnapshotState.Absent:
                string stale = $"Configuration '{key}' did not exist when a server last answered ({read.Since:u}); no server is reachable now.";
                log.Write(AcmLogLevel.Warning, stale);
                throw new AcmException(AcmErrorKind.ConfigNotFound, stale, error) { Key = key };
            case SnapshotState.Damaged:
                log.Write(AcmLogLevel.Warning, $"The snapshot of '{key}' is not used: {read.Reason}");
                throw error;
            default:
                throw error;
        }
    }

    /// <summary>Returns whether the request was not sent because the credential source is unreachable: offline, it fails before any server is asked.</summary>
    private static bool IsSourceDown(AcmException error)
    {
        for (Exception? cause = error.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AcmException { Kind: AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout }) return true;
        }

        return false;
    }
}
