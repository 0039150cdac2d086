using System.Management.Automation;
using Acm.Client.Local;

namespace AcmPowerShell;

/// <summary>Lists snapshots, including damaged ones and markers of removed configurations.</summary>
[Cmdlet(VerbsCommon.Get, "AcmSnapshot", DefaultParameterSetName = SessionSet)]
[OutputType(typeof(SnapshotInfo))]
[OutputType(typeof(string))]
public sealed class GetAcmSnapshotCommand : SnapshotCmdlet
{
    /// <summary>Return the content of each valid snapshot as one string.</summary>
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
