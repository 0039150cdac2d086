using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>
/// Unsubscribes once the action that runs has ended. Done within an action, PowerShell waits for that very action to end before it runs those that
/// wait behind it, for ever. An event of our own gets in line behind them all, and by its turn none of them is left.
/// </summary>
internal static class LateRemoval
{
    internal static void Of(PSEventSubscriber subscriber, PSEventManager events)
    {
        string identifier = "Acm.Unsubscribe." + Guid.NewGuid();
        PSObject removal = PSObject.AsPSObject(new Action(() => events.UnsubscribeEvent(subscriber)));
        events.SubscribeEvent(
            source: null, eventName: null, identifier, removal, ScriptBlock.Create("$Event.MessageData.Invoke()"),
            supportEvent: true, forwardEvent: false, maxTriggerCount: 1);
        events.GenerateEvent(identifier, sender: null, [], removal, processInCurrentThread: true, waitForCompletionInCurrentThread: false);
    }
}
