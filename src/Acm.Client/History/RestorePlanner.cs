using Acm.Client.Protocol;
using Acm.Client.Reading;
using Acm.Client.Servers;

namespace Acm.Client.History;

/// <summary>Plans to publish a past state. A restore never removes a configuration.</summary>
/// <param name="history">Reads the history.</param>
/// <param name="pool">The servers.</param>
/// <param name="protocol">Gets the dialect, once it is detected.</param>
internal sealed class RestorePlanner(HistoryReader history, ServerPool pool, Func<IConfigProtocol> protocol)
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.ConfigNotFound"/>: the history does not contain the state, or the configuration did not exist then.</exception>
    public async Task<RestorePlan> PlanAsync(string @namespace, ConfigKey key, RevisionQuery query, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        (PastState state, ServerRead stored) = await FindAsync(@namespace, key, query, call, cancellationToken).ConfigureAwait(false);
        if (state.Value is null) throw NothingToRestore(@namespace, key, query, isStored: stored.Value is not null);

        bool isComplete = protocol() is IConfigHistory { ReadsShowMetadata: true };
        return new RestorePlan(
            key,
            state.Row is { } row ? RevisionMap.Revision(@namespace, key, row) : null,
            PastConfig.Of(@namespace, key, state.Row, state.Value)!,
            stored.Value is { } value ? ConfigFactory.FromServer(@namespace, key, value) : null,
            [.. state.Value.Metadata.ChangesOf(stored.Value?.Metadata ?? ConfigMetadata.None, isComplete)]);
    }

    /// <summary>
    /// Finds the state and reads the stored value. A query relative to the last change is repeated if another change occurs in the meantime. Later changes are caught
    /// by the precondition of the publish.
    /// </summary>
    private async Task<(PastState State, ServerRead Stored)> FindAsync(string @namespace, ConfigKey key, RevisionQuery query, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        bool isRelative = query.Kind is RevisionQueryKind.Previous or RevisionQueryKind.Deleted;
        for (int reading = 1; ; reading++)
        {
            HistoryRow? newest = isRelative ? (await history.NewestAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false)).Newest : null;
            PastState state = await history.FindAsync(@namespace, key, query, call, cancellationToken).ConfigureAwait(false);
            ServerRead stored = await pool.RunAsync(protocol().GetStored(@namespace, key), call, cancellationToken).ConfigureAwait(false);
            if (!isRelative || (await history.NewestAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false)).Newest?.Id == newest?.Id) return (state, stored);
            if (reading == HistoryReader.MostReadings) throw HistoryReader.Changing(@namespace, key);
        }
    }

    private static AcmException NothingToRestore(string @namespace, ConfigKey key, RevisionQuery query, bool isStored) =>
        new(AcmErrorKind.ConfigNotFound, $"'{key}' in {NamespaceName.Describe(@namespace)} was not restored: it did not exist {query}, {(isStored ? "and a restore never removes" : "and does not exist now")}.")
        {
            Key = key,
            Advice = isStored ? "Remove the configuration if it should not exist." : "To undo a removal, restore the last removed version.",
            Option = isStored ? null : nameof(RevisionQuery.Deleted),
            IsFinal = true,
        };
}
