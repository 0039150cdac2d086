using Acm.Client.Calls;
using Acm.Client.Local;

namespace Acm.Client.Reading;

/// <summary>
/// Keeps what the servers give, and answers with it when none of them can. "Not found" sets the kept value aside once it is proved; "denied" is final; an answer that
/// is garbled or comes from a server that is not trusted is no reason to fall back on an old value.
/// </summary>
internal sealed class SnapshotReader : IConfigReader
{
    private readonly SnapshotStore _store;
    private readonly IConfigReader _next;
    private readonly IAcmLog? _log;
    private readonly AbsenceProver? _absence;
    private readonly DoubtedSnapshots? _doubted;

    /// <param name="store">The snapshots.</param>
    /// <param name="next">Asks the servers.</param>
    /// <param name="log">Where lines go that belong to no call.</param>
    /// <param name="absence">Proves that a configuration is absent; null where no server is asked.</param>
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

        // While the server is at it: looking at the files costs a tenth of a get from a server that is near.
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

    /// <summary>Keeps a value that a server holds. A folder that can't be written to is a warning: the value is there all the same.</summary>
    public void Keep(AcmConfig config, CallLog log) =>
        Keep(config.Namespace, config.Key, config.RawBytes, config.Md5, config.Charset, config.Metadata, config.LastModified, log);

    /// <summary>Keeps a value that a server holds. A folder that can't be written to is a warning: the value is there all the same.</summary>
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

    /// <summary>Whether a kept value may stand in where a read ended so: a server that denies, or whose answer can't be trusted, is no server that can't be reached.</summary>
    public static bool CanFallBackFor(AcmException error) =>
        error.Kind is not (AcmErrorKind.ConfigNotFound or AcmErrorKind.AccessDenied or AcmErrorKind.AuthenticationFailed or AcmErrorKind.InvalidResponse or AcmErrorKind.ContentTooLarge or AcmErrorKind.UntrustedServer or AcmErrorKind.NotConnected)
        || (error.Kind == AcmErrorKind.AuthenticationFailed && IsSourceDown(error));

    /// <summary>Sets a value aside that a server denied, once that is proved. Does not wait for it.</summary>
    public void SetAsideOnceProved(string @namespace, ConfigKey key, CallLog log)
    {
        if (_absence?.IsNeeded != true) SetAside(@namespace, key, log);
        else _doubted?.Add(@namespace, key);
    }

    /// <summary>Sets a value aside that a server holds no more.</summary>
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

    /// <summary>Whether nobody could be asked because the source of the credentials can't be reached: off the network that fails before any server is.</summary>
    private static bool IsSourceDown(AcmException error)
    {
        for (Exception? cause = error.InnerException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AcmException { Kind: AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout }) return true;
        }

        return false;
    }
}
