using System.Management.Automation;
using System.Management.Automation.Host;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>Prompts the user. If the host cannot prompt, the error names the parameter that skips the prompt.</summary>
internal static class Confirmation
{
    internal static bool Ask(Cmdlet cmdlet, string target, string action)
    {
        (target, action) = (ForeignText.CleanLines(target), ForeignText.CleanLines(action));
        return Ask(
            cmdlet,
            () => cmdlet.ShouldProcess(target, action),
            $"'{action}' on '{target}' needs confirmation, but this host cannot prompt. Add -Confirm:$false to skip the prompt.",
            target);
    }

    // A description can contain the color codes of a diff, so its caller removes control characters from the rest.
    internal static bool Ask(Cmdlet cmdlet, string description, string question, string caption) => Ask(
        cmdlet,
        () => cmdlet.ShouldProcess(description, question, caption),
        $"This needs confirmation, but this host cannot prompt: {question} Add -Confirm:$false to skip the prompt.",
        target: null);

    internal static bool AskToContinue(Cmdlet cmdlet, string query, string caption)
    {
        query = ForeignText.CleanLines(query);
        return Ask(
            cmdlet,
            () => cmdlet.ShouldContinue(query, caption),
            $"This needs confirmation, but this host cannot prompt: {query} Add -Confirm:$false to skip the prompt; -Force also skips the safety checks.",
            target: null);
    }

    private static bool Ask(Cmdlet cmdlet, Func<bool> ask, string message, object? target)
    {
        try
        {
            // ConsoleHost throws a NullReferenceException if its input has ended.
            return ask();
        }
        catch (Exception e) when (e is HostException or PSInvalidOperationException or PSNotImplementedException or NotImplementedException or NotSupportedException or NullReferenceException)
        {
            cmdlet.ThrowTerminatingError(new ErrorRecord(new PSInvalidOperationException(message, e), "AcmConfirmationImpossible", ErrorCategory.InvalidOperation, target));
            throw;
        }
    }
}
