using Acm.Client.Encryption;
using Acm.Client.Local;

namespace Acm.Client.Transfer;

/// <summary>One export: list, ask the observer, read everything, then change the target.</summary>
internal sealed class ExportRun : IDisposable
{
    /// <summary>After this many consecutive reads without an answer the export is cancelled, instead of each of the others timing out.</summary>
    private const int MostUnanswered = 4;

    private readonly AcmClient _client;
    private readonly ExportOptions _options;
    private readonly Func<IExportTarget> _open;
    private readonly bool _noDecrypt;
    private AcmCallOptions _call;
    private ConfigSource _source;
    private readonly long _start;
    private IExportTarget? _target;
    private int _exported;
    private int _unchanged;
    private int _deleted;
    private int _failed;
    private int _unansweredInRow;
    private long _bytes;

    public ExportRun(AcmClient client, ExportOptions options, Func<IExportTarget> open, bool noDecrypt)
    {
        _client = client;
        _options = options;
        _open = open;
        _noDecrypt = noDecrypt;
        _call = new AcmCallOptions { TryTimeout = options.Call?.TryTimeout, Log = options.Call?.Log, NoSnapshot = true, NoFailover = true, NoDecrypt = noDecrypt };
        _start = client.Clock.GetTimestamp();
    }

    public async Task<ExportSummary> RunAsync(CancellationToken cancellationToken)
    {
        Dictionary<ConfigKey, ConfigMetadata> onServer = await ListAsync(cancellationToken).ConfigureAwait(false);
        if (onServer.Count == 0 && !_options.AllowEmpty)
        {
            throw new AcmException(AcmErrorKind.ConfigNotFound, $"{(_client.Namespace.Length == 0 ? "The default namespace" : $"Namespace '{_client.Namespace}'")} has no configurations. Nothing was exported.")
            {
                Advice = "Check the name of the namespace.",
                Option = nameof(ExportOptions.AllowEmpty),
            };
        }

        // Servers may have names that are no longer valid. They are not exported and do not affect the layout.
        ILookup<bool, ConfigKey> isAllowed = onServer.Keys.ToLookup(key => Refusal(key) is null);
        TransferLayout layout = TransferLayout.Of(isAllowed[true]);
        ConfigKey[] wanted = [.. isAllowed[true].Where(IsWanted).OrderBy(layout.PathOf, StringComparer.Ordinal)];

        _target = Storing(_open);
        if (_target.Problem is { } problem) _options.Observer?.Warn(problem);
        bool IsMissing(ConfigKey key) => !onServer.ContainsKey(key) && IsWanted(key) && Refusal(key) is null;
        IReadOnlyList<ConfigKey> unlisted = _options.Delete ? await UnlistedAsync(_target, IsMissing, cancellationToken).ConfigureAwait(false) : [];
        IReadOnlyList<string> obsolete = _options.Delete ? _target.FindObsolete(key => IsMissing(key) && !unlisted.Contains(key)) : [];
        if (_options.Observer is { } observer && !await observer.StartAsync(wanted, obsolete).ConfigureAwait(false)) return Summary();

        Storing(() =>
        {
            _target.Open(mayHoldSecrets: !_noDecrypt && Array.Exists(wanted, ConfigCipher.Concerns));
            return _target;
        });
        foreach (ConfigKey key in isAllowed[false].Where(IsWanted)) await NoteReadAsync(key, Refusal(key)).ConfigureAwait(false);
        foreach (ConfigKey key in unlisted)
        {
            await NoteReadAsync(key, new AcmException(AcmErrorKind.Conflict, $"'{key}' is on the server, but its list did not have it. It was not exported, and its file was not changed.") { Key = key, Advice = "Run the export again." }).ConfigureAwait(false);
        }

        var fetcher = new ConfigFetcher(_client, _call, _options.Parallelism);
        await foreach (ConfigResult result in fetcher.ReadAsync(wanted, cancellationToken).ConfigureAwait(false))
        {
            await NoteReadAsync(result.Key, result.Error ?? TryAdd(result.Config! with { Metadata = result.Config!.Metadata.Or(onServer[result.Key]) }, layout.PathOf(result.Key))).ConfigureAwait(false);
            GiveUpWhereNobodyAnswers(result.Error, wanted.Length);
        }

        if (_target.Loss is { } loss) _options.Observer?.Warn(loss);
        await CommitAsync(obsolete, cancellationToken).ConfigureAwait(false);
        return Summary();
    }

    public void Dispose() => _target?.Dispose();

    private async Task<Dictionary<ConfigKey, ConfigMetadata>> ListAsync(CancellationToken cancellationToken)
    {
        var items = new Dictionary<ConfigKey, ConfigMetadata>();
        try
        {
            await foreach (ConfigItem item in _client.ListAsync(null, _call, cancellationToken).ConfigureAwait(false)) items[item.Key] = item.Metadata;
        }
        catch (AcmException e) when (items.Count == 0 && !_options.Delete && _options.Call?.NoSnapshot != true)
        {
            if (SnapshotList.InPlaceOf(_client, e) is not { } snapshots) throw;

            _options.Observer?.Warn(snapshots.Warning);
            foreach (ConfigItem item in snapshots.Items) items[item.Key] = item.Metadata;
            _call = new AcmCallOptions { Log = _call.Log, NoFailover = true, NoDecrypt = _noDecrypt, SnapshotsOnly = true };
            _source = ConfigSource.Snapshot;
        }

        return items;
    }

    /// <summary>
    /// Returns the keys with a file that the list lacks although the server has them: pages are computed anew for each request, so an item can be missed. Checked before
    /// files are deleted.
    /// </summary>
    private async Task<IReadOnlyList<ConfigKey>> UnlistedAsync(IExportTarget target, Func<ConfigKey, bool> isMissing, CancellationToken cancellationToken)
    {
        var missing = new HashSet<ConfigKey>();
        target.FindObsolete(key =>
        {
            if (isMissing(key)) missing.Add(key);
            return false;
        });
        return missing.Count == 0 ? [] : await _client.FindExistingAsync([.. missing], _call, cancellationToken).ConfigureAwait(false);
    }

    private bool IsWanted(ConfigKey key) => _options.Filter?.Invoke(key) != false;

    private AcmException? Refusal(ConfigKey key)
    {
        try
        {
            _client.CheckKey(key);
            return null;
        }
        catch (AcmException e)
        {
            return e;
        }
    }

    private AcmException? TryAdd(AcmConfig config, string path)
    {
        try
        {
            _target!.Add(config, path);
            return null;
        }
        catch (AcmException e)
        {
            return e;
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            // If the disk is full, the other files would fail too: the target stays unchanged.
            throw StorageFailed(e);
        }
    }

    private async Task NoteReadAsync(ConfigKey key, AcmException? error)
    {
        // The connection was closed, so nothing else can be read.
        if (error is { Kind: AcmErrorKind.NotConnected }) throw error;

        if (error is { Kind: AcmErrorKind.ConfigNotFound })
            error = new AcmException(error.Kind, $"'{key}' was removed while the export ran, so the export does not contain it.", error) { Key = key, Advice = "Run the export again." };
        if (error is not null) _failed++;
        if (_options.Observer is { } observer) await observer.ReadAsync(key, error).ConfigureAwait(false);
    }

    /// <summary>Cancels the export before anything changes, because the target would be incomplete.</summary>
    private void GiveUpWhereNobodyAnswers(AcmException? error, int wanted)
    {
        _unansweredInRow = error is { Kind: AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout or AcmErrorKind.UntrustedServer } ? _unansweredInRow + 1 : 0;
        if (_unansweredInRow == 0 || _unansweredInRow < Math.Min(MostUnanswered, wanted)) return;

        throw new AcmException(error!.Kind, $"The export to '{_target!.Path}' was cancelled. {error.Message}", error) { Advice = error.Advice };
    }

    private async Task CommitAsync(IReadOnlyList<string> obsolete, CancellationToken cancellationToken)
    {
        IExportObserver? observer = _options.Observer;
        bool deletes = obsolete.Count > 0;
        if (deletes && _failed > 0)
        {
            observer?.Warn($"Nothing is deleted from '{_target!.Path}', because {_failed} of the configurations could not be read.");
            deletes = false;
        }

        if (deletes && observer is not null) deletes = await observer.DeleteAsync(obsolete).ConfigureAwait(false);

        if (observer is not null) await observer.CommitAsync().ConfigureAwait(false);

        // From here on the export can no longer be cancelled, because a partial change would be worse.
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<ExportOutcome> outcomes = Storing(() => _target!.Commit(deletes));
        foreach (ExportOutcome outcome in outcomes) Count(outcome);
        if (observer is null) return;

        observer.Committed(Summary());
        foreach (ExportOutcome outcome in outcomes)
        {
            if (outcome.Error is { } error) await observer.FailedAsync(outcome.Key, error).ConfigureAwait(false);
            else await observer.DoneAsync(outcome.Item!).ConfigureAwait(false);
        }
    }

    private void Count(ExportOutcome outcome)
    {
        switch (outcome.Item?.State)
        {
            case ExportState.Exported: _exported++; break;
            case ExportState.Unchanged: _unchanged++; break;
            case ExportState.Deleted: _deleted++; break;
            default: _failed++; break;
        }

        _bytes += outcome.Item?.Size ?? 0;
    }

    private ExportSummary Summary() => new()
    {
        Path = _target!.Path,
        Namespace = _client.Namespace,
        Source = _source,
        Exported = _exported,
        Unchanged = _unchanged,
        Deleted = _deleted,
        Failed = _failed,
        Bytes = _bytes,
        Duration = _client.Clock.GetElapsedTime(_start),
    };

    private T Storing<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (LocalFile.IsRefusal(e))
        {
            throw StorageFailed(e);
        }
    }

    private AcmException StorageFailed(Exception cause) => new(AcmErrorKind.StorageFailed, $"The export{(_target is null ? "" : $" to '{_target.Path}'")} failed: {cause.Message}", cause)
    {
        Advice = "Check that the target is a folder or a zip, the write permission of this user, and free space.",
    };
}
