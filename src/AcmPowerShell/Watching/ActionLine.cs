using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// The actions of events that wait for the thread of a runspace. PowerShell runs two of them at a turn, and for each turn that leaves some behind it holds a thread of the process's pool for a tenth of a second: a few
/// thousand events at once, and for half a minute nothing of the process gets on, this module's polls included. So the events of watchers with an action are raised in small groups, each once the one before it was
/// worked off. A turn that leaves nothing behind entitles the next one to one action more, which is why the groups may grow.
/// </summary>
internal sealed class ActionLine(Runspace runspace)
{
    /// <summary>What waits in the line is a value that may be old by its turn, and is run before the script goes on.</summary>
    private const int LargestGroup = 16;

    /// <summary>After so many groups it is begun anew with small ones: events of others may have taken what the turns were entitled to.</summary>
    private const int MostGroups = 48;

    /// <summary>When nothing was raised for this time, nothing waits to be.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly string _identifier = "Acm.ActionLine." + Guid.NewGuid();
    private readonly Stopwatch _sinceGroup = Stopwatch.StartNew();
    private int _groups;
    private int _raised;

    /// <summary>What the watchers of the runspace that have an action share.</summary>
    internal CallbackLane Lane { get; } = new();

    private PSEventManager Events => runspace.Events;

    private bool IsOpen => Events.GetEventSubscribers(_identifier).Any();

    private int GroupSize => Math.Min(Math.Max(_groups - 1, 1), LargestGroup);

    /// <summary>Has things be put into the line. On the thread of the runspace only.</summary>
    /// <param name="language">What scripts of the runspace may do. Where it is not all, none may invoke what waits, and events are raised as they come.</param>
    internal void Open(PSLanguageMode language)
    {
        if (IsOpen || language != PSLanguageMode.FullLanguage) return;

        Events.SubscribeEvent(
            source: null, eventName: null, _identifier, data: null, ScriptBlock.Create("$Event.MessageData.Invoke()"), supportEvent: true, forwardEvent: false, maxTriggerCount: 0);
    }

    /// <summary>Ends the line. On the thread of the runspace only.</summary>
    internal void Close()
    {
        foreach (PSEventSubscriber subscriber in Events.GetEventSubscribers(_identifier)) LateRemoval.Of(subscriber, Events);
    }

    /// <summary>Raises an event that has an action. Called by one thread at a time, as the lane has it.</summary>
    /// <param name="raise">Raises it.</param>
    /// <param name="cancellationToken">Ends the wait for the actions before it, or after it.</param>
    internal void Raise(Action raise, CancellationToken cancellationToken)
    {
        if (!IsOpen)
        {
            raise();
            return;
        }

        if (_sinceGroup.Elapsed > Rest) _groups = _raised = 0;

        // The first that a turn is entitled to is earned by one with less to do than any is entitled to.
        else if (_groups == 1 && _raised == 0) WaitUntilWorkedOff(cancellationToken);
        raise();
        if (++_raised < GroupSize) return;

        _raised = 0;
        WaitUntilWorkedOff(cancellationToken);
        _groups = _groups == MostGroups ? 1 : _groups + 1;
        _sinceGroup.Restart();
    }

    private void WaitUntilWorkedOff(CancellationToken cancellationToken)
    {
        var workedOff = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        PSObject last = PSObject.AsPSObject(new Action(() => workedOff.TrySetResult(true)));
        Events.GenerateEvent(_identifier, sender: null, [], last, processInCurrentThread: true, waitForCompletionInCurrentThread: false);
        workedOff.Task.Wait(cancellationToken);
    }
}
