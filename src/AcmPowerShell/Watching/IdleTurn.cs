using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AcmPowerShell;

/// <summary>
/// Runs an action that was queued just as a pipeline ended. PowerShell runs it in the next pipeline: the prompt starts one every 300 ms, but a host may never start one.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The timer runs briefly after an event and lives as long as the runspace.")]
internal sealed class IdleTurn
{
    /// <summary>Longer than PowerShell's own delay of 100 ms, because two pipelines that start in an idle runspace at the same time crash the process (PowerShell issue 24692).</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(300);

    private readonly Runspace _runspace;
    private readonly Func<bool> _isWaiting;
    private readonly Timer _timer;

    /// <param name="runspace">The runspace of the actions.</param>
    /// <param name="isWaiting">Returns whether the action of a raised event has not ended.</param>
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

    /// <summary>Schedules a check. Called when an event was raised, because the pipeline that delayed it may have ended.</summary>
    internal void Arm() => _timer.Change(Delay, Timeout.InfiniteTimeSpan);

    private void Take()
    {
        // An exception on this pool thread would end the process.
        try
        {
            // A running pipeline runs the action, or its end schedules another check. A closed runspace has no events.
            if (_runspace.RunspaceAvailability != RunspaceAvailability.Available || !_isWaiting() || _runspace.Events is not { } events) return;

            // An event with an action makes PowerShell start a pipeline that yields to those of the host. It is queued once, after the pending one.
            string identifier = "Acm.Turn." + Guid.NewGuid();
            events.SubscribeEvent(source: null, eventName: null, identifier, data: null, ScriptBlock.Create(""), supportEvent: true, forwardEvent: false, maxTriggerCount: 1);
            events.GenerateEvent(identifier, sender: null, [], extraData: null, processInCurrentThread: true, waitForCompletionInCurrentThread: false);
        }
        catch (InvalidPipelineStateException)
        {
            // Another event woke the runspace at the same time (PowerShell issue 24692). Its pipeline may run the action as well.
            if (_isWaiting()) Arm();
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidRunspaceStateException or PSInvalidOperationException)
        {
            // The runspace was closed.
        }
    }
}
