using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AcmPowerShell;

/// <summary>Closes the specified connection, or the default one of this runspace if there is one.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Acm")]
public sealed class DisconnectAcmCommand : PSCmdlet
{
    /// <summary>The connection to close. Defaults to the latest connection of Connect-Acm in this runspace.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public AcmSession? Session { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => (Session ?? RunspaceResources.Of(Runspace.DefaultRunspace).Current)?.End();

    /// <inheritdoc/>
    protected override void EndProcessing() => EventAction.RunPending(this);
}
