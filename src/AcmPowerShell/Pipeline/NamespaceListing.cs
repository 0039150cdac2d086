using System.Runtime.CompilerServices;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Lists a namespace for a command that reads: where no server can be reached, the snapshots answer, with one warning. What removes or compares never uses it.</summary>
/// <param name="client">The namespace.</param>
/// <param name="call">What the calls have in common.</param>
/// <param name="pipeline">Where the warning goes.</param>
internal sealed class NamespaceListing(AcmClient client, AcmCallOptions call, PipelineWriter pipeline)
{
    /// <summary>The call that reads what snapshots listed: a server that could not be asked for the list is not asked for each of its items.</summary>
    internal AcmCallOptions LocalCall { get; } = new()
    {
        TryTimeout = call.TryTimeout,
        NoSnapshot = call.NoSnapshot,
        NoFailover = call.NoFailover,
        NoDecrypt = call.NoDecrypt,
        Log = call.Log,
        SnapshotsOnly = true,
    };

    /// <summary>Returns the configurations that a filter selects, as the pages come. Snapshots tell no metadata: by that they are not selected.</summary>
    internal async IAsyncEnumerable<ConfigItem> ReadAsync(ConfigFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isByName = filter.Types.Count + filter.Tags.Count + filter.AppNames.Count == 0;
        IAsyncEnumerator<ConfigItem> items = client.ListAsync(filter, call, cancellationToken).GetAsyncEnumerator(cancellationToken);
        SnapshotList? snapshots = null;
        try
        {
            bool isFirst = true;
            while (true)
            {
                try
                {
                    if (!await items.MoveNextAsync().ConfigureAwait(false)) break;
                }
                catch (AcmException e) when (isFirst && isByName && !call.NoSnapshot)
                {
                    snapshots = SnapshotList.InPlaceOf(client, e, filter.Key);
                    if (snapshots is null) throw;
                    break;
                }

                isFirst = false;
                yield return items.Current;
            }
        }
        finally
        {
            await items.DisposeAsync().ConfigureAwait(false);
        }

        if (snapshots is null) yield break;

        pipeline.WriteWarning(snapshots.Warning);
        foreach (ConfigItem item in snapshots.Items) yield return item;
    }
}
