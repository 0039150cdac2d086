using System.Management.Automation;
using Acm.Client.Local;

namespace AcmPowerShell;

/// <summary>Lists the snapshots that answer when no server can be reached, with the markers of what is gone and those that are damaged.</summary>
[Cmdlet(VerbsCommon.Get, "AcmSnapshot", DefaultParameterSetName = SessionSet)]
[OutputType(typeof(SnapshotInfo))]
[OutputType(typeof(string))]
public sealed class GetAcmSnapshotCommand : SnapshotCmdlet
{
    /// <summary>Write the content alone, as one string; only of snapshots that answer.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    private protected override async Task EndAsync(CancellationToken cancellationToken)
    {
        foreach (SnapshotInfo snapshot in Find())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Raw) await Pipeline.WriteObjectAsync(snapshot).ConfigureAwait(false);
            else if (snapshot.Content is not null) await Pipeline.WriteObjectAsync(snapshot.Content).ConfigureAwait(false);
        }
    }
}
