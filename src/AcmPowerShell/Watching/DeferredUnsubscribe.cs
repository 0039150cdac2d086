using System.Management.Automation;

namespace AcmPowerShell;

/// <summary>
/// Unsubscribes once the action that runs has ended. Done within an action, PowerShell waits for that very action to end before it runs those that
/// wait, for ever, and has nowhere to put what the action wrote. So an event of our own gets in line, which may come once: PowerShell takes its
/// handler off after its action, when none runs.
/// </summary>
internal sealed class DeferredUnsubscribe
{
    private readonly PSEventManager _events;
    private readonly Action _unsubscribe;
    private readonly string _identifier = "Acm.Unsubscribe." + Guid.NewGuid();

    /// <param name="events">The runspace's events.</param>
    /// <param name="unsubscribe">What is to be done then, on the thread of the runspace.</param>
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

    /// <summary>Gets in line behind the actions that wait.</summary>
    internal void Raise() => _events.GenerateEvent(_identifier, sender: null, [], extraData: null, processInCurrentThread: true, waitForCompletionInCurrentThread: false);
}
