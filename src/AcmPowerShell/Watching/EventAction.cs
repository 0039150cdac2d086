using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>Whether, and for which subscription, a command runs within the action of an event.</summary>
internal static class EventAction
{
    /// <summary>PowerShell sets this variable for the time of an action.</summary>
    private const string Variable = "EventSubscriber";

    internal static bool IsRunning(PSCmdlet cmdlet) => Subscriber(cmdlet) is not null;

    /// <summary>The subscription whose action runs; null outside of actions.</summary>
    internal static PSEventSubscriber? Subscriber(PSCmdlet cmdlet) =>
        (cmdlet.GetVariableValue(Variable) is PSObject wrapped ? wrapped.BaseObject : cmdlet.GetVariableValue(Variable)) as PSEventSubscriber;
}
