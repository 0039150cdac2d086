using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AcmPowerShell;

/// <summary>Ends a connection: the one given, or this runspace's. That there is none is not an error.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "Acm")]
public sealed class DisconnectAcmCommand : PSCmdlet
{
    /// <summary>The connection to end; by default the one that Connect-Acm made last in this runspace.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNull]
    public AcmSession? Session { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => (Session ?? RunspaceResources.Of(Runspace.DefaultRunspace).Current)?.End();

    /// <inheritdoc/>
    protected override void EndProcessing() => EventAction.LetRun(this);
}
