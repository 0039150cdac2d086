using System.Runtime.CompilerServices;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Lists a namespace for commands that read. If no server is reachable, it lists the snapshots and writes a warning. Commands that remove or compare must not use it.</summary>
/// <param name="client">The client for the namespace.</param>
/// <param name="call">The options of the calls.</param>
/// <param name="pipeline">The output of the command.</param>
internal sealed class NamespaceListing(AcmClient client, AcmCallOptions call, PipelineWriter pipeline)
{
    /// <summary>Gets the options for reading the listed snapshots. No server is tried for them, because the list already failed.</summary>
    internal AcmCallOptions LocalCall { get; } = new()
    {
        TryTimeout = call.TryTimeout,
        NoSnapshot = call.NoSnapshot,
        NoFailover = call.NoFailover,
        NoDecrypt = call.NoDecrypt,
        Log = call.Log,
        SnapshotsOnly = true,
    };

    /// <summary>Returns the configurations that match a filter, page by page. Snapshots are not used for a filter on metadata, because they have none.</summary>
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
