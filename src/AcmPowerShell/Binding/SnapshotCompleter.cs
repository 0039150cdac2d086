using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client.Local;

namespace AcmPowerShell;

/// <summary>Completes data IDs and groups from the snapshots of the connection, which are available without a server.</summary>
public sealed class SnapshotCompleter : Completer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private protected override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request)
    {
        // A specified folder is not resolved yet.
        if (request.Bound(nameof(SnapshotCmdlet.Path)) is not null || request.Bound(nameof(SnapshotCmdlet.LiteralPath)) is not null) return [];
        if (RunspaceResources.Of(Runspace.DefaultRunspace).Current is not { SnapshotPath: { } path } session) return [];

        bool groups = request.ParameterName == nameof(SnapshotCmdlet.Group);
        WildcardPattern namespaces = WildcardPattern.Get(request.Bound(nameof(SnapshotCmdlet.Namespace)) as string ?? WildcardPattern.Escape(session.Namespace), WildcardOptions.None);
        return List(path)
            .Where(snapshot => namespaces.IsMatch(snapshot.Namespace))
            .Select(snapshot => (Text: groups ? snapshot.Group : snapshot.DataId, Tip: groups ? "Group of snapshots" : $"Snapshot of group {snapshot.Group}"))
            .OrderBy(found => found.Text, StringComparer.Ordinal);
    }

    /// <summary>Lists the snapshots until the time is up. Each is read as it is listed, so of very many only the first are offered.</summary>
    private static IEnumerable<SnapshotInfo> List(string path)
    {
        var clock = Stopwatch.StartNew();
        foreach (SnapshotInfo snapshot in new SnapshotFolder(path).List())
        {
            if (clock.Elapsed >= Patience) yield break;

            yield return snapshot;
        }
    }
}
