namespace Acm.Server.Polling;

/// <summary>
/// Ends polls on time with a timer wheel: one timer for all polls. Adding and removing change one list, a tick visits only the polls
/// of its slot, and the timer stops if there are no polls.
/// </summary>
internal sealed class PollTimer : IDisposable
{
    private const int Slots = 512;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly LinkedList<Poll>[] _wheel = new LinkedList<Poll>[Slots];
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly long _start;
    private long _lastTick;
    private int _count;
    private bool _stopped;
    private TaskCompletionSource? _change;

    public PollTimer(TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
        for (int i = 0; i < Slots; i++) _wheel[i] = new LinkedList<Poll>();
        _timer = clock.CreateTimer(static state => ((PollTimer)state!).EndDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Gets the number of held polls.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Returns the number of held polls without a result, and a task that completes when a poll is added or removed.</summary>
    public (int Count, Task Change) Watch()
    {
        lock (_lock) return (_wheel.Sum(slot => slot.Count(poll => !poll.Task.IsCompleted)), (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
    }

    /// <summary>Schedules the end of a poll, at most one tick late and never early.</summary>
    public void Add(Poll poll, TimeSpan hold)
    {
        lock (_lock)
        {
            if (_stopped)
            {
                poll.TrySetResult(null);
                return;
            }

            long now = Ticks(_clock.GetElapsedTime(_start));
            poll.DueTick = Ticks(_clock.GetElapsedTime(_start) + hold) + 1;
            poll.ClockNode = _wheel[poll.DueTick % Slots].AddLast(poll);
            TellChange();
            if (_count++ > 0) return;

            _lastTick = now;
            _timer.Change(Tick, Tick);
        }
    }

    public void Remove(Poll poll)
    {
        lock (_lock)
        {
            if (poll.ClockNode?.List is not { } list) return;

            list.Remove(poll.ClockNode);
            TellChange();
            if (--_count == 0) _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends all polls, including those that are added later.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (LinkedList<Poll> slot in _wheel)
            {
                foreach (Poll poll in slot) poll.TrySetResult(null);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    // Continuations run asynchronously, so they see the new count after the lock is released.
    private void TellChange()
    {
        _change?.TrySetResult();
        _change = null;
    }

    private static long Ticks(TimeSpan time) => time.Ticks / Tick.Ticks;

    private void EndDue()
    {
        lock (_lock)
        {
            long now = Ticks(_clock.GetElapsedTime(_start));

            // After a pause longer than a turn of the wheel, each slot is visited only once.
            long first = Math.Max(_lastTick + 1, now - Slots + 1);
            for (long tick = first; tick <= now; tick++)
            {
                foreach (Poll poll in _wheel[tick % Slots])
                {
                    if (poll.DueTick <= now) poll.TrySetResult(null);
                }
            }

            _lastTick = Math.Max(_lastTick, now);
        }
    }
}
