using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>Runs pending event actions, and detects commands that run in one.</summary>
internal static class EventAction
{
    /// <summary>Variable that PowerShell sets during an action.</summary>
    private const string Variable = "EventSubscriber";

    private static readonly ScriptBlock OneTurn = ScriptBlock.Create("do { } until ($true)");

    /// <summary>Runs pending actions. PowerShell runs them when a command starts and at each iteration of a loop, so this method runs a loop. Does nothing within an action.</summary>
    internal static void RunPending(PSCmdlet cmdlet)
    {
        if (cmdlet.Events.Subscribers.Count > 0) cmdlet.InvokeCommand.InvokeScript(useLocalScope: false, OneTurn, input: null);
    }

    /// <summary>Returns the subscription whose action calls the command. Null if no action does, or if it does so through a function of another module.</summary>
    internal static PSEventSubscriber? Subscriber(PSCmdlet cmdlet) =>
        (cmdlet.GetVariableValue(Variable) is PSObject wrapped ? wrapped.BaseObject : cmdlet.GetVariableValue(Variable)) as PSEventSubscriber;
}
