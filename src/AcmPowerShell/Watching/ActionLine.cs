using System.Diagnostics;
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
internal sealed class ActionLine
{
    /// <summary>What waits in the line is a value that may be old by its turn, and is run before the script goes on.</summary>
    private const int LargestGroup = 16;

    /// <summary>After so many groups it is begun anew with small ones: events of others may have taken what the turns were entitled to.</summary>
    private const int MostGroups = 48;

    /// <summary>When nothing was raised for this time, nothing waits to be.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly Queue<Turn> _waiting = new();
    private readonly Stopwatch _sinceGroup = Stopwatch.StartNew();
    private Turn? _current;
    private TaskCompletionSource<bool>? _workedOff;
    private int _groups;
    private int _taken;

    /// <summary>What the watchers of the runspace that have an action share.</summary>
    internal CallbackLane Lane { get; } = new();

    private int GroupSize => Math.Min(Math.Max(_groups - 1, 1), LargestGroup);

    /// <summary>Raises an event once the actions before it have ended. Called by one thread at a time, as the lane has it.</summary>
    /// <param name="subscription">Whose event it is.</param>
    /// <param name="raise">Raises it.</param>
    /// <param name="cancellationToken">Ends the wait for the actions of a full group.</param>
    internal async Task RaiseAsync(EventSubscription subscription, Action raise, CancellationToken cancellationToken)
    {
        var turn = new Turn(subscription, raise);
        TaskCompletionSource<bool>? workedOff = null;
        bool isFirst;
        lock (_gate)
        {
            if (_sinceGroup.Elapsed > Rest) _groups = _taken = 0;
            if (++_taken >= GroupSize) workedOff = _workedOff = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            isFirst = _current is null;
            if (isFirst) _current = turn;
            else _waiting.Enqueue(turn);
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

    /// <summary>PowerShell has begun to run an action.</summary>
    internal void Begun(EventSubscription subscription)
    {
        lock (_gate)
        {
            if (_current?.Subscription == subscription) _current.HasBegun = true;
        }
    }

    /// <summary>The action of a subscription has ended, or will not be run any more: the next one may.</summary>
    internal void Ended(EventSubscription subscription)
    {
        Turn? next = null;
        TaskCompletionSource<bool>? workedOff = null;
        lock (_gate)
        {
            if (_current?.Subscription != subscription) return;

            while (_waiting.Count > 0 && next is null)
            {
                next = _waiting.Dequeue();
                if (next.Subscription.TakesNoMore) next = null;
            }

            _current = next;
            if (next is null) workedOff = _workedOff;
        }

        workedOff?.TrySetResult(true);
        if (next is not null) Raise(next);
    }

    /// <summary>Whether an event of a subscription waits for PowerShell to run its action.</summary>
    internal bool IsWaiting(EventSubscription subscription)
    {
        lock (_gate) return _current is { HasBegun: false } && _current.Subscription == subscription;
    }

    // A subscription that ended meanwhile has its event reach no action, and no end of one.
    private void Raise(Turn turn)
    {
        turn.Raise();
        if (turn.Subscription.IsOver) Ended(turn.Subscription);
    }

    private sealed record Turn(EventSubscription Subscription, Action Raise)
    {
        internal bool HasBegun { get; set; }
    }
}
