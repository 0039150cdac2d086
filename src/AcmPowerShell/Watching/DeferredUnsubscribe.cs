using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>
/// Unsubscribes after the running action. Within an action, PowerShell would wait forever for that action to end, and the output of the action
/// would be lost. Instead, an event with a trigger count of one is queued: PowerShell removes its handler after its action,
/// when no other action is running.
/// </summary>
internal sealed class DeferredUnsubscribe
{
    private readonly PSEventManager _events;
    private readonly Action _unsubscribe;
    private readonly string _identifier = "Acm.Unsubscribe." + Guid.NewGuid();

    /// <param name="events">The event manager of the runspace.</param>
    /// <param name="unsubscribe">Removes the subscription. Called on the runspace's thread.</param>
    internal DeferredUnsubscribe(PSEventManager events, Action unsubscribe)
    {
        _events = events;
        _unsubscribe = unsubscribe;
        events.SubscribeEvent(this, nameof(Due), _identifier, data: null, ScriptBlock.Create(""), supportEvent: true, forwardEvent: false, maxTriggerCount: 1);
    }

    /// <summary>Never raised.</summary>
    public event EventHandler Due
    {
        add { }
        remove => _unsubscribe();
    }

    /// <summary>Queues the removal after the pending actions.</summary>
    internal void Raise() => _events.GenerateEvent(_identifier, sender: null, [], extraData: null, processInCurrentThread: true, waitForCompletionInCurrentThread: false);
}
