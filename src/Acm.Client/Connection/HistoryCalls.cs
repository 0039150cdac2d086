using System.Runtime.CompilerServices;
using Acm.Client.History;
using Acm.Client.Protocol;

namespace Acm.Client;

/// <summary>The history methods of a client.</summary>
internal sealed class HistoryCalls(AcmConnection connection, string @namespace)
{
    public async IAsyncEnumerable<ConfigRevision> ListAsync(ConfigKey key, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await BeginAsync(key, call, cancellationToken).ConfigureAwait(false);
        await foreach (HistoryRow row in connection.History.AllRowsAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false)) yield return RevisionMap.Revision(@namespace, key, row);
    }

    public async IAsyncEnumerable<RevisionDetail> ListDetailsAsync(ConfigKey key, AcmCallOptions? call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await BeginAsync(key, call, cancellationToken).ConfigureAwait(false);
        await foreach (HistoryStep step in connection.History.StepsAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false))
        {
            (AcmConfig? before, AcmException? beforeError) = await TryOpenAsync(PastConfig.Of(@namespace, key, row: null, step.Before), call, cancellationToken).ConfigureAwait(false);
            (AcmConfig? after, AcmException? afterError) = await TryOpenAsync(PastConfig.Of(@namespace, key, step.Row, step.After), call, cancellationToken).ConfigureAwait(false);
            yield return new RevisionDetail { Revision = RevisionMap.Revision(@namespace, key, step.Row), Before = before, After = after, Error = afterError ?? beforeError };
        }
    }

    public async Task<AcmConfig> GetAsync(ConfigKey key, RevisionQuery query, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (query is null) throw new ArgumentNullException(nameof(query));
        await BeginAsync(key, call, cancellationToken).ConfigureAwait(false);
        PastState state = await connection.History.FindAsync(@namespace, key, query, call, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(PastConfig.Of(@namespace, key, state.Row, state.Value), call, cancellationToken).ConfigureAwait(false)
            ?? throw new AcmException(AcmErrorKind.ConfigNotFound, $"'{key}' in {NamespaceName.Describe(@namespace)} did not exist {query}.") { Key = key, IsFinal = true };
    }

    public async Task<RestorePlan> PlanRestoreAsync(ConfigKey key, RevisionQuery query, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (query is null) throw new ArgumentNullException(nameof(query));
        await BeginAsync(key, call, cancellationToken).ConfigureAwait(false);
        return await connection.Restores.PlanAsync(@namespace, key, query, call, cancellationToken).ConfigureAwait(false);
    }

    private Task BeginAsync(ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        connection.Protocol.CheckKey(key);
        OptionRules.Check(call);
        return connection.FindDialectAsync(call, cancellationToken);
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
        config is null ? null : await connection.Cipher.OpenAsync(config, call, cancellationToken).ConfigureAwait(false);
}
