using System.Runtime.CompilerServices;
using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>Carries out a plan once: publishes, then removes.</summary>
internal sealed class TransferRun
{
    /// <summary>So many failures of the connection in a row, in terms of the requests in flight, say that the rest would fail as well, each after its time.</summary>
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
        // What the plan itself refuses is a failure, too. What failed to be published in an earlier run is tried again.
        _failures = _plan.Items.Count(item => item.IsRefused);
        _failuresBeforeRemoval = _plan.Items.Count(item => item.IsRefused && item.State != DifferenceState.Removed);
        TransferItem[] left = [.. items.Where(item => !item.IsRefused && item.State != DifferenceState.Unchanged && item.Outcome != TransferOutcome.Done)];
        if (IsToStop) return;

        await ForEachAsync(Publishing(left, cancellationToken), cancellationToken).ConfigureAwait(false);

        // What has got a new name is published under it before it loses the old one, or keeps that. A value that somebody else published meanwhile is nothing that failed to get there.
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

    /// <summary>What must not be removed, because the source has it now or nobody knows: a list that was cut anew for each of its pages may lack a key that was there all the time.</summary>
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

    /// <summary>The target's value is another one than the plan was made for. It may be the wanted one, as after a run that was cancelled; else it stays.</summary>
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
                    // A read does not show all metadata. It is published once more, as long as its content is still there.
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
            // Nothing may still be under way when the outcomes are read.
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
            // Whether the server has carried it out nobody knows: the item stays in doubt, and the caller hears of the cancellation.
            return;
        }
        finally
        {
            room.Release();
        }

        if (_finished is not null) await _finished(item).ConfigureAwait(false);
    }
}
