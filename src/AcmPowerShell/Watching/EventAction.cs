using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>The actions of events, as a command meets them.</summary>
internal static class EventAction
{
    /// <summary>PowerShell sets this variable for the time of an action.</summary>
    private const string Variable = "EventSubscriber";

    private static readonly ScriptBlock OneTurn = ScriptBlock.Create("do { } until ($true)");

    /// <summary>Has actions run that wait. PowerShell runs them when a command starts and at each turn of a loop; a command is a turn of none, so it makes one. Within an action none runs.</summary>
    internal static void LetRun(PSCmdlet cmdlet)
    {
        if (cmdlet.Events.Subscribers.Count > 0) cmdlet.InvokeCommand.InvokeScript(useLocalScope: false, OneTurn, input: null);
    }

    /// <summary>The subscription whose action is what calls the command; null where none is, or where it does so by a function of somebody else's.</summary>
    internal static PSEventSubscriber? Subscriber(PSCmdlet cmdlet) =>
        (cmdlet.GetVariableValue(Variable) is PSObject wrapped ? wrapped.BaseObject : cmdlet.GetVariableValue(Variable)) as PSEventSubscriber;
}
