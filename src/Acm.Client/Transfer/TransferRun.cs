using System.Globalization;
using System.Runtime.CompilerServices;
using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>Applies a plan: publishes, then removes.</summary>
internal sealed class TransferRun
{
    /// <summary>The run stops after this many consecutive connection failures per parallel request, instead of each remaining request timing out.</summary>
    private const int RoundsOfFailure = 2;

    private readonly TransferPlan _plan;
    private readonly AcmClient _client;
    private readonly TransferOptions _options;
    private readonly SetReading _reading;
    private readonly bool _continueOnError;
    private readonly Func<TransferItem, ValueTask>? _finished;
    private int _failures;
    private int _failuresBeforeRemoval;
    private int _connectionFailuresInRow;
    private volatile bool _isConnectionEnded;

    public TransferRun(TransferPlan plan, AcmClient client, TransferOptions options, SetReading reading, bool continueOnError, Func<TransferItem, ValueTask>? finished)
    {
        _plan = plan;
        _client = client;
        _options = options;
        _reading = reading;
        _continueOnError = continueOnError;
        _finished = finished;
    }

    private delegate Task Step(CancellationToken cancellationToken);

    private bool IsToStop =>
        _isConnectionEnded
        || (!_continueOnError && Volatile.Read(ref _failures) > 0)
        || Volatile.Read(ref _connectionFailuresInRow) >= RoundsOfFailure * _options.Parallelism;

    public async Task RunAsync(IReadOnlyList<TransferItem> items, CancellationToken cancellationToken)
    {
        // Items that failed during planning count as failures. Publishes that failed in an earlier run are repeated.
        _failures = _plan.Items.Count(item => item.IsRefused);
        _failuresBeforeRemoval = _plan.Items.Count(item => item.IsRefused && item.State != DifferenceState.Removed);
        TransferItem[] left = [.. items.Where(item => !item.IsRefused && item.State != DifferenceState.Unchanged && item.Outcome != TransferOutcome.Done)];
        if (IsToStop) return;

        await ForEachAsync(Publishing(left, cancellationToken), cancellationToken).ConfigureAwait(false);

        // A renamed configuration is published with its new name before the old one is removed. A value that another client published meanwhile does not count as a failure.
        if (_failuresBeforeRemoval > 0 || IsToStop) return;

        await ForEachAsync(Removing(left, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<(TransferItem Item, Step Step)> Publishing(IReadOnlyList<TransferItem> left, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<ConfigKey, TransferItem> items = left.Where(item => item.State is DifferenceState.Added or DifferenceState.Changed).ToDictionary(item => item.Key);
        await foreach (SetText text in _plan.Source.ReadAsync([.. items.Values.Select(item => item.Source!)], _reading, cancellationToken).ConfigureAwait(false))
        {
            TransferItem item = items[text.Entry.Key];
            yield return (item, token => PublishAsync(item, text, token));
        }
    }

    private async IAsyncEnumerable<(TransferItem Item, Step Step)> Removing(IReadOnlyList<TransferItem> left, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TransferItem[] items = [.. left.Where(item => item.State == DifferenceState.Removed)];
        Dictionary<ConfigKey, AcmException> kept = await KeptAsync([.. items.Select(item => item.Key)], cancellationToken).ConfigureAwait(false);
        foreach (TransferItem item in items)
        {
            AcmException? error = kept.TryGetValue(item.Key, out AcmException? found) ? found : null;
            yield return (item, token => error is null ? RemoveAsync(item, token) : Task.FromException(error));
        }
    }

    /// <summary>Returns the configurations that must not be removed, because the source has them or it is unknown: pages are computed anew for each request, so its list can miss an item.</summary>
    private async Task<Dictionary<ConfigKey, AcmException>> KeptAsync(IReadOnlyList<ConfigKey> keys, CancellationToken cancellationToken)
    {
        if (_plan.Source is not NamespaceSet source || keys.Count == 0) return [];

        return await source.FindUnlistedAsync(
            keys,
            key => $"'{key}' is in '{source.Name}', but its list did not have it; it was not removed from '{_plan.Target.Name}'.",
            _options.Call,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task PublishAsync(TransferItem item, SetText text, CancellationToken cancellationToken)
    {
        if (text.Error is not null) throw text.Error;

        if (_plan.Rules.Md5(text.Content) != item.Fingerprint)
        {
            throw new AcmException(AcmErrorKind.Conflict, $"'{item.Key}' in '{_plan.Source.Name}' has changed since the plan was made, and was not published.")
            {
                Key = item.Key,
                Advice = "Run the command again.",
            };
        }

        try
        {
            await _client.PublishAsync(item.Key, text.Content, text.Publishing(item.TargetMd5, createOnly: item.TargetMd5 is null), _options.Call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind is AcmErrorKind.Conflict or AcmErrorKind.ConfigExists)
        {
            await SettleAsync(item, text, e, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(TransferItem item, CancellationToken cancellationToken)
    {
        try
        {
            await _client.RemoveAsync(item.Key, item.TargetMd5, _options.Call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.Conflict)
        {
            await SettleAsync(item, text: null, e, cancellationToken).ConfigureAwait(false);
        }

        if (await _client.HasBetaAsync(item.Key, _options.Call, cancellationToken).ConfigureAwait(false)) _plan.NoteLeftBeta(item.Key);
    }

    /// <summary>Handles a target value that differs from the planned one. It may already be the wanted one, for example after a cancelled run; otherwise it is not overwritten.</summary>
    private async Task SettleAsync(TransferItem item, SetText? text, AcmException conflict, CancellationToken cancellationToken)
    {
        AcmConfig? now = null;
        try
        {
            var call = new AcmCallOptions { TryTimeout = _options.Call?.TryTimeout, Log = _options.Call?.Log, NoSnapshot = true, NoFailover = true, NoDecrypt = !item.IsEncrypted };
            now = await _client.GetAsync(item.Key, call, cancellationToken).ConfigureAwait(false);
            if (text is not null && _plan.Rules.Md5(now.Content) == item.Fingerprint)
            {
                ConfigMetadata wanted = text.Metadata.Only(_plan.Rules.StoredMetadata);
                if (!wanted.ChangesOf(now.Metadata, isComplete: true).Any()) return;

                if (!wanted.ChangesOf(now.Metadata, isComplete: false).Any())
                {
                    // A read does not return all metadata, so it is published again with the precondition that the content is unchanged.
                    await _client.PublishAsync(item.Key, text.Content, text.Publishing(now.Md5), _options.Call, cancellationToken).ConfigureAwait(false);
                    return;
                }
            }
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.Conflict && text is not null)
        {
            throw new TargetMovedException(item, _plan.Target.Name, now, e);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ConfigNotFound)
        {
            if (item.State == DifferenceState.Removed) return;
        }

        throw new TargetMovedException(item, _plan.Target.Name, now, conflict);
    }

    private async Task ForEachAsync(IAsyncEnumerable<(TransferItem Item, Step Step)> steps, CancellationToken cancellationToken)
    {
        using var room = new SemaphoreSlim(_options.Parallelism);
        var running = new List<Task>();
        try
        {
            await foreach ((TransferItem item, Step step) in steps.ConfigureAwait(false))
            {
                await room.WaitAsync(cancellationToken).ConfigureAwait(false);
                if (IsToStop) break;

                running.Add(DoAsync(item, step, room, cancellationToken));
            }
        }
        finally
        {
            // No request may still be running when the outcomes are read.
            await Task.WhenAll(running).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task DoAsync(TransferItem item, Step step, SemaphoreSlim room, CancellationToken cancellationToken)
    {
        item.Begin();
        try
        {
            await step(cancellationToken).ConfigureAwait(false);
            item.Succeed();
            Volatile.Write(ref _connectionFailuresInRow, 0);
        }
        catch (TargetMovedException e)
        {
            item.FailAsMoved(e.ToError());
            Interlocked.Increment(ref _failures);
        }
        catch (AcmException e)
        {
            item.Fail(e);
            Interlocked.Increment(ref _failures);
            Interlocked.Increment(ref _failuresBeforeRemoval);
            if (e.Kind is AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout or AcmErrorKind.UntrustedServer) Interlocked.Increment(ref _connectionFailuresInRow);
            if (e.Kind == AcmErrorKind.NotConnected) _isConnectionEnded = true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whether the server executed the request is unknown: the item stays in doubt, and the caller throws.
            return;
        }
        finally
        {
            room.Release();
        }

        if (_finished is not null) await _finished(item).ConfigureAwait(false);
    }

    /// <summary>Thrown if a value of the target changed after planning; it was not overwritten.</summary>
    private sealed class TargetMovedException(TransferItem item, string target, AcmConfig? now, AcmException conflict) : Exception(conflict.Message, conflict)
    {
        /// <summary>Returns the error of the item.</summary>
        public AcmException ToError()
        {
            string key = $"'{item.Key}' in '{target}'";
            string what = now is null ? $"{key} was removed" : item.TargetMd5 is null ? $"{key} was created{Since(now)}" : $"{key} was changed{Since(now)}";
            string md5 = now is null ? "" : item.TargetMd5 is null ? $" Its MD5 is {now.Md5}." : $" Its MD5 was {item.TargetMd5} and is {now.Md5}.";
            return new AcmException(AcmErrorKind.Conflict, $"{what} after the plan was made, and was not changed.{md5}", conflict)
            {
                Key = item.Key,
                Advice = "Compare both sides again. To overwrite the newer value, run the command again.",
            };
        }

        private static string Since(AcmConfig config) =>
            config.LastModified is { } at ? string.Format(CultureInfo.InvariantCulture, " at {0:yyyy-MM-dd HH:mm:ss}Z", at.UtcDateTime) : "";
    }
}
