namespace Acm.Client.Watching;

/// <summary>Runs actions at given times with a single timer, which exists only while actions are pending.</summary>
internal sealed class RetryClock : IDisposable
{
    private readonly object _gate = new();
    private readonly SortedDictionary<TimeSpan, List<Action>> _waiting = [];
    private readonly TimeProvider _clock;
    private readonly long _start;
    private ITimer? _timer;

    public RetryClock(TimeProvider clock)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
    }

    /// <summary>Gets the monotonic time that actions are scheduled by, which does not depend on the system clock.</summary>
    public TimeSpan Now => _clock.GetElapsedTime(_start);

    /// <summary>Schedules an action at a time by <see cref="Now"/>, on a thread of the pool.</summary>
    public void Add(TimeSpan at, Action action)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(at, out List<Action>? actions)) _waiting.Add(at, actions = []);
            actions.Add(action);
            if (_waiting.First().Key == at) Arm();
        }
    }

    /// <summary>Removes all pending actions.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
            _timer?.Dispose();
            _timer = null;
        }
    }

    public void Dispose() => Clear();

    private void Arm()
    {
        TimeSpan due = _waiting.First().Key - Now;
        if (due < TimeSpan.Zero) due = TimeSpan.Zero;
        if (_timer is null) _timer = _clock.CreateTimer(static state => ((RetryClock)state!).Run(), this, due, Timeout.InfiniteTimeSpan);
        else _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Run()
    {
        var due = new List<Action>();
        lock (_gate)
        {
            TimeSpan now = Now;
            while (_waiting.Count > 0 && _waiting.First() is var next && next.Key <= now)
            {
                due.AddRange(next.Value);
                _waiting.Remove(next.Key);
            }

            if (_waiting.Count > 0) Arm();
            else Clear();
        }

        foreach (Action action in due) action();
    }
}
