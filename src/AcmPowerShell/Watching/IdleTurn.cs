using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AcmPowerShell;

/// <summary>
/// Has an action run that came just as a pipeline ended. PowerShell leaves such an event to the next pipeline: a prompt starts one every 300 ms, a program that hosts a runspace may never start one.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The timer is set for a moment after an event, and goes with the runspace.")]
internal sealed class IdleTurn
{
    /// <summary>PowerShell's own late turn comes after a tenth of a second. Two that meet in an idle runspace end the process (PowerShell issue 24692), so this one comes well behind it.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);

    private readonly Runspace _runspace;
    private readonly Func<bool> _isWaiting;
    private readonly Timer _timer;

    /// <param name="runspace">The runspace whose actions they are.</param>
    /// <param name="isWaiting">Whether an event was raised whose action has not ended.</param>
    internal IdleTurn(Runspace runspace, Func<bool> isWaiting)
    {
        _runspace = runspace;
        _isWaiting = isWaiting;
        _timer = new Timer(_ => Take());
        runspace.AvailabilityChanged += (_, change) =>
        {
            if (change.RunspaceAvailability == RunspaceAvailability.Available && isWaiting()) Arm();
        };
    }

    /// <summary>Looks again after a moment. Called when an event was raised: the pipeline that kept it waiting may have ended meanwhile.</summary>
    internal void Arm() => _timer.Change(Delay, Timeout.InfiniteTimeSpan);

    private void Take()
    {
        // On a thread of the pool: what it throws ends the process.
        try
        {
            // While something runs the action has its turn there, or the end of it looks again. A runspace that has closed has no events.
            if (_runspace.RunspaceAvailability != RunspaceAvailability.Available || !_isWaiting() || _runspace.Events is not { } events) return;

            // An event with an action has PowerShell take the turn, as a pipeline that gives way to one of the program's. It comes once, behind the one that waits.
            string identifier = "Acm.Turn." + Guid.NewGuid();
            events.SubscribeEvent(source: null, eventName: null, identifier, data: null, ScriptBlock.Create(""), supportEvent: true, forwardEvent: false, maxTriggerCount: 1);
            events.GenerateEvent(identifier, sender: null, [], extraData: null, processInCurrentThread: true, waitForCompletionInCurrentThread: false);
        }
        catch (InvalidPipelineStateException)
        {
            // An event of somebody else woke the runspace at the same moment (PowerShell issue 24692). Its turn takes the action too, if it comes before the end of that.
            if (_isWaiting()) Arm();
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidRunspaceStateException or PSInvalidOperationException)
        {
            // The runspace has closed meanwhile, and its actions with it.
        }
    }
}
