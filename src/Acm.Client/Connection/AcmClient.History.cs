using System.Runtime.CompilerServices;
using Acm.Client.History;
using Acm.Client.Protocol;

namespace Acm.Client;

public sealed partial class AcmClient
{
    /// <summary>Reads the history of a configuration, newest change first, as pages arrive. Servers keep it for a limited time, 30 days by default.</summary>
    /// <param name="key">The configuration; it need not exist any more.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server has no history.</exception>
    public async IAsyncEnumerable<ConfigRevision> GetHistoryAsync(ConfigKey key, AcmCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await PrepareAsync(key, call, cancellationToken).ConfigureAwait(false);
        await foreach (HistoryRow row in _connection.History.AllRowsAsync(Namespace, key, call, cancellationToken).ConfigureAwait(false)) yield return RevisionMap.Revision(Namespace, key, row);
    }

    /// <summary>Reads the history of a configuration with the states before and after each change, newest first. Each change is a separate request.</summary>
    /// <param name="key">The configuration; it need not exist any more.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.CapabilityMissing"/>: the server has no history.</exception>
    public async IAsyncEnumerable<RevisionDetail> GetHistoryDetailsAsync(ConfigKey key, AcmCallOptions? call = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await PrepareAsync(key, call, cancellationToken).ConfigureAwait(false);
        await foreach (HistoryStep step in _connection.History.StepsAsync(Namespace, key, call, cancellationToken).ConfigureAwait(false))
        {
            (AcmConfig? before, AcmException? beforeError) = await TryOpenAsync(PastConfig.Of(Namespace, key, row: null, step.Before), call, cancellationToken).ConfigureAwait(false);
            (AcmConfig? after, AcmException? afterError) = await TryOpenAsync(PastConfig.Of(Namespace, key, step.Row, step.After), call, cancellationToken).ConfigureAwait(false);
            yield return new RevisionDetail { Revision = RevisionMap.Revision(Namespace, key, step.Row), Before = before, After = after, Error = afterError ?? beforeError };
        }
    }

    /// <summary>Reads a past state of a configuration.</summary>
    /// <param name="key">The configuration; it need not exist any more.</param>
    /// <param name="query">The state.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the history does not contain the state, or the configuration did not exist then.</exception>
    public async Task<AcmConfig> GetRevisionAsync(ConfigKey key, RevisionQuery query, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (query is null) throw new ArgumentNullException(nameof(query));
        await PrepareAsync(key, call, cancellationToken).ConfigureAwait(false);
        PastState state = await _connection.History.FindAsync(Namespace, key, query, call, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(PastConfig.Of(Namespace, key, state.Row, state.Value), call, cancellationToken).ConfigureAwait(false)
            ?? throw new AcmException(AcmErrorKind.ConfigNotFound, $"'{key}' in {NamespaceName.Describe(Namespace)} did not exist {query}.") { Key = key, IsFinal = true };
    }

    /// <summary>Plans the restore of a past state, without changing anything.</summary>
    /// <param name="key">The configuration; it need not exist any more.</param>
    /// <param name="query">The state.</param>
    /// <param name="call">Options of the call; null for the connection's.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the history does not contain the state, or the configuration did not exist then. A restore never removes a configuration.</exception>
    public async Task<RestorePlan> PlanRestoreAsync(ConfigKey key, RevisionQuery query, AcmCallOptions? call = null, CancellationToken cancellationToken = default)
    {
        if (query is null) throw new ArgumentNullException(nameof(query));
        await PrepareAsync(key, call, cancellationToken).ConfigureAwait(false);
        return await _connection.Restores.PlanAsync(Namespace, key, query, call, cancellationToken).ConfigureAwait(false);
    }

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

    /// <summary>Decrypts a configuration, or keeps the cipher text: one version whose key is gone must not hide the others.</summary>
    private async ValueTask<(AcmConfig? Config, AcmException? Error)> TryOpenAsync(AcmConfig? config, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        try
        {
            return (await OpenAsync(config, call, cancellationToken).ConfigureAwait(false), null);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.DecryptFailed)
        {
            return (config, e);
        }
    }

    private async ValueTask<AcmConfig?> OpenAsync(AcmConfig? config, AcmCallOptions? call, CancellationToken cancellationToken) =>
        config is null ? null : await _connection.Cipher.OpenAsync(config, call, cancellationToken).ConfigureAwait(false);
}
