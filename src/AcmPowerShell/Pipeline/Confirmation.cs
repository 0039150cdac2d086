using System.Management.Automation;
using System.Management.Automation.Host;

namespace AcmPowerShell;

/// <summary>Asks the user, and says what to do where there is nobody to ask.</summary>
internal static class Confirmation
{
    internal static bool Ask(Cmdlet cmdlet, string target, string action)
    {
        try
        {
            return cmdlet.ShouldProcess(target, action);
        }
        catch (Exception e) when (e is HostException or PSInvalidOperationException or PSNotImplementedException or NotImplementedException or NotSupportedException)
        {
            var error = new PSInvalidOperationException(
                $"'{action}' on '{target}' has to be confirmed, and this host can't ask. Add -Confirm:$false to go ahead without being asked.", e);
            cmdlet.ThrowTerminatingError(new ErrorRecord(error, "AcmConfirmationImpossible", ErrorCategory.InvalidOperation, target));
            throw;
        }
    }
}
