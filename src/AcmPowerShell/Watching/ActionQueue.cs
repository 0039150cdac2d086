using System.Diagnostics;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// The queue of watcher events whose actions wait for a runspace's thread. Only one of them is in PowerShell's own queue at a time, because for each
/// statement that runs while an action is queued there, PowerShell blocks a pool thread for 100 ms and then starts a pipeline on it. Two such pipelines in
/// an idle runspace crash the process (PowerShell issue 24692, open in 7.6).
/// </summary>
/// <remarks>
/// The end of an action raises the next event, so that PowerShell runs it in the same turn. The number of actions in a turn is limited. A turn that leaves no action pending allows
/// one more in the next turn, so the groups can grow.
/// </remarks>
internal sealed class ActionQueue
{
    /// <summary>Maximum number of events in a group. Queued values become stale and delay the script.</summary>
    private const int MaxGroupSize = 16;

    /// <summary>Number of groups after which the size is reset, because other events may have used up the turns.</summary>
    private const int MaxGroups = 48;

    /// <summary>Time without events after which the group size is reset.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly IdleTurn _idle;
    private readonly LinkedList<Turn> _waiting = new();
    private readonly Stopwatch _sinceGroup = Stopwatch.StartNew();
    private Turn? _current;
    private TaskCompletionSource<bool>? _drained;
    private int _groups;
    private int _taken;

    internal ActionQueue(Runspace runspace) => _idle = new IdleTurn(runspace, HasCurrent);

    /// <summary>Gets the callback queue that the runspace's watchers with actions share.</summary>
    internal CallbackQueue Lane { get; } = new();

    private int GroupSize => Math.Min(Math.Max(_groups - 1, 1), MaxGroupSize);

    /// <summary>Raises an event after the earlier actions. The callback queue calls it on one thread at a time.</summary>
    /// <param name="subscription">The subscription of the event.</param>
    /// <param name="raise">Raises the event, or returns false if the subscription accepts no more.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    internal async Task RaiseAsync(EventSubscription subscription, Func<bool> raise, CancellationToken cancellationToken)
    {
        var turn = new Turn(subscription, raise, isRemoval: false);
        TaskCompletionSource<bool>? drained = null;
        bool isFirst;
        lock (_gate)
        {
            if (_sinceGroup.Elapsed > IdleTime) _groups = _taken = 0;
            if (++_taken >= GroupSize) drained = _drained = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            isFirst = _current is null;
            if (isFirst) _current = turn;
            else _waiting.AddLast(turn);
        }

        if (isFirst) Raise(turn);
        if (drained is null) return;

        using (cancellationToken.Register(() => drained.TrySetCanceled())) await drained.Task.ConfigureAwait(false);
        lock (_gate)
        {
            _taken = 0;
            _groups = _groups == MaxGroups ? 1 : _groups + 1;
            _sinceGroup.Restart();
        }
    }

    /// <summary>Queues the removal of a subscription after its pending or running action.</summary>
    /// <param name="subscription">The subscription, which has ended.</param>
    /// <param name="prepare">Creates the removal, which calls <see cref="Ended(EventSubscription)"/> when it is done.</param>
    /// <returns>Whether the subscription has such an action.</returns>
    internal bool RemoveAfterAction(EventSubscription subscription, Func<DeferredUnsubscribe> prepare)
    {
        lock (_gate)
        {
            if (_current?.Subscription != subscription) return false;

            DeferredUnsubscribe removal = prepare();
            _waiting.AddFirst(new Turn(
                subscription,
                () =>
                {
                    removal.Raise();
                    return true;
                },
                isRemoval: true));
            return true;
        }
    }

    /// <summary>Raises the next event, because the action of a subscription has ended, will not run, or the subscription was removed.</summary>
    internal void Ended(EventSubscription subscription) => Ended(turn => turn.Subscription == subscription);

    private void Ended(Predicate<Turn> which)
    {
        Turn? next = null;
        TaskCompletionSource<bool>? drained = null;
        lock (_gate)
        {
            if (_current is null || !which(_current)) return;

            while (_waiting.First is { } first && next is null)
            {
                _waiting.RemoveFirst();
                if (first.Value.IsRemoval || !first.Value.Subscription.TakesNoMore) next = first.Value;
            }

            _current = next;
            if (next is null) drained = _drained;
        }

        drained?.TrySetResult(true);
        if (next is not null) Raise(next);
    }

    // An event that is not accepted, or whose action PowerShell will not run, has no end that raises the next one.
    private void Raise(Turn turn)
    {
        if (!turn.Raise() || (turn.Subscription.RunsNoMore && !turn.IsRemoval)) Ended(current => current == turn);
        else if (HasCurrent()) _idle.Arm();
    }

    private bool HasCurrent()
    {
        lock (_gate) return _current is not null;
    }

    private sealed class Turn(EventSubscription subscription, Func<bool> raise, bool isRemoval)
    {
        internal EventSubscription Subscription { get; } = subscription;

        internal Func<bool> Raise { get; } = raise;

        internal bool IsRemoval { get; } = isRemoval;
    }
}
