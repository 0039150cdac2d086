using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AcmPowerShell;

/// <summary>Gets the default connection of this runspace, if there is one.</summary>
[Cmdlet(VerbsCommon.Get, "AcmSession")]
[OutputType(typeof(AcmSession))]
public sealed class GetAcmSessionCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (RunspaceResources.Of(Runspace.DefaultRunspace).Current is { } session) WriteObject(session);
    }
}
