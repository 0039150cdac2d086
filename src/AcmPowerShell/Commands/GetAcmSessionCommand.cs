using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>x</summary>
[Cmdlet(VerbsCommon.Get, "AcmSession")]
public sealed class GetAcmSessionCommand : PSCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord() => WriteObject(new Acm.Client.ConfigKey("a"));
}
