using System.Diagnostics;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// The events of watchers with an action that wait for the thread of a runspace. PowerShell's own queue holds one of them at a time, the next one only once the action before it has ended: for every
/// statement that runs while an action waits there, PowerShell holds a thread of the process's pool for a tenth of a second and then starts a pipeline on it, and two of those that meet while the
/// runspace is idle end the process (PowerShell issue 24692, open in 7.6).
/// </summary>
/// <remarks>
/// The next event is raised by the end of the action before it, and so within the same turn of PowerShell's, which takes so many and no more. One that leaves nothing behind entitles the next one to
/// one action more, which is why the groups may grow.
/// </remarks>
internal sealed class ActionQueue
{
    /// <summary>What waits in the line is a value that may be old by its turn, and is run before the script goes on.</summary>
    private const int LargestGroup = 16;

    /// <summary>After so many groups it is begun anew with small ones: events of others may have taken what the turns were entitled to.</summary>
    private const int MostGroups = 48;

    /// <summary>When nothing was raised for this time, nothing waits to be.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly IdleTurn _idle;
    private readonly LinkedList<Turn> _waiting = new();
    private readonly Stopwatch _sinceGroup = Stopwatch.StartNew();
    private Turn? _current;
    private TaskCompletionSource<bool>? _workedOff;
    private int _groups;
    private int _taken;

    internal ActionQueue(Runspace runspace) => _idle = new IdleTurn(runspace, HasCurrent);

    /// <summary>What the watchers of the runspace that have an action share.</summary>
    internal CallbackQueue Lane { get; } = new();

    private int GroupSize => Math.Min(Math.Max(_groups - 1, 1), LargestGroup);

    /// <summary>Raises an event once the actions before it have ended. Called by one thread at a time, as the lane has it.</summary>
    /// <param name="subscription">Whose event it is.</param>
    /// <param name="raise">Raises it, or returns false where there is nobody any more to raise it for.</param>
    /// <param name="cancellationToken">Ends the wait for the actions of a full group.</param>
    internal async Task RaiseAsync(EventSubscription subscription, Func<bool> raise, CancellationToken cancellationToken)
    {
        var turn = new Turn(subscription, raise, isRemoval: false);
        TaskCompletionSource<bool>? workedOff = null;
        bool isFirst;
        lock (_gate)
        {
            if (_sinceGroup.Elapsed > Rest) _groups = _taken = 0;
            if (++_taken >= GroupSize) workedOff = _workedOff = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            isFirst = _current is null;
            if (isFirst) _current = turn;
            else _waiting.AddLast(turn);
        }

        if (isFirst) Raise(turn);
        if (workedOff is null) return;

        using (cancellationToken.Register(() => workedOff.TrySetCanceled())) await workedOff.Task.ConfigureAwait(false);
        lock (_gate)
        {
            _taken = 0;
            _groups = _groups == MostGroups ? 1 : _groups + 1;
            _sinceGroup.Restart();
        }
    }

    /// <summary>Puts the removal of a subscription behind its action that waits or runs.</summary>
    /// <param name="subscription">The subscription; it has ended.</param>
    /// <param name="prepare">Makes what removes it, and says so here once it has.</param>
    /// <returns>Whether it has such an action.</returns>
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

    /// <summary>The action of a subscription has ended, or will not be run any more, or the subscription was removed: the next one may.</summary>
    internal void Ended(EventSubscription subscription) => Ended(turn => turn.Subscription == subscription);

    private void Ended(Predicate<Turn> which)
    {
        Turn? next = null;
        TaskCompletionSource<bool>? workedOff = null;
        lock (_gate)
        {
            if (_current is null || !which(_current)) return;

            while (_waiting.First is { } first && next is null)
            {
                _waiting.RemoveFirst();
                if (first.Value.IsRemoval || !first.Value.Subscription.TakesNoMore) next = first.Value;
            }

            _current = next;
            if (next is null) workedOff = _workedOff;
        }

        workedOff?.TrySetResult(true);
        if (next is not null) Raise(next);
    }

    // An event that nobody takes, or whose action PowerShell does not run any more, reaches no end of one.
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
