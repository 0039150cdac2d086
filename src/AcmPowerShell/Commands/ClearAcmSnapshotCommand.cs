using System.Management.Automation;
using Acm.Client;
using Acm.Client.Local;

namespace AcmPowerShell;

/// <summary>Removes snapshots that match wildcards, or piped ones. Without either it removes all, after a prompt.</summary>
[Cmdlet(VerbsCommon.Clear, "AcmSnapshot", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium, DefaultParameterSetName = SessionSet)]
public sealed class ClearAcmSnapshotCommand : SnapshotCmdlet
{
    private readonly List<SnapshotInfo> _piped = [];

    /// <summary>Snapshots from Get-AcmSnapshot.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Remove all snapshots of a namespace without a prompt.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override Task ProcessAsync(CancellationToken cancellationToken)
    {
        if (InputObject?.BaseObject is SnapshotInfo snapshot)
        {
            _piped.Add(snapshot);
        }
        else if (InputObject is not null || MyInvocation.ExpectingInput)
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter(
                "Only the output of Get-AcmSnapshot can be piped. Use -DataId for names. Nothing was removed.", nameof(InputObject), InputObject));
        }

        return Task.CompletedTask;
    }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        bool isPiped = MyInvocation.ExpectingInput || InputObject is not null;
        SnapshotInfo[] snapshots = isPiped ? [.. _piped] : [.. Find()];
        bool isAll = !isPiped && !MyInvocation.BoundParameters.ContainsKey(nameof(DataId)) && !MyInvocation.BoundParameters.ContainsKey(nameof(Group));
        if (isAll && !Force && !WantsWhatIf && snapshots.Length > 0)
        {
            string all = snapshots.Length == 1 ? "The only snapshot" : $"All {snapshots.Length} snapshots";
            string query = $"{all} of {Subject} in '{Folder.Path}' will be removed. Until the values are read again, they are not available while the server is down. Remove {(snapshots.Length == 1 ? "it" : "them")}?";
            if (!await Pipeline.ShouldContinueAsync(query, "Remove snapshots").ConfigureAwait(false)) return;
        }

        foreach (SnapshotInfo snapshot in snapshots)
        {
            string target = snapshot.Namespace.Length == 0 ? snapshot.ToString() : $"{snapshot} in namespace {snapshot.Namespace}";
            if (!await Pipeline.ShouldProcessAsync(target, "Remove snapshot").ConfigureAwait(false)) continue;

            if (TryRemove(snapshot) is { } error) await Pipeline.WriteErrorAsync(error).ConfigureAwait(false);
        }
    }

    private ErrorRecord? TryRemove(SnapshotInfo snapshot)
    {
        try
        {
            Folder.Remove(snapshot);
            return null;
        }
        catch (AcmException e)
        {
            return AcmErrors.Record(e, snapshot);
        }
        catch (ArgumentException e)
        {
            return AcmErrors.InvalidParameter(e.Message, nameof(InputObject), snapshot, e);
        }
    }
}
