using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Support;

/// <summary>
/// A stopped clock on which pauses between tries (timers of less than a second) elapse immediately, and are recorded. A test cannot advance
/// a fake clock itself, because it does not know when a pause has started.
/// </summary>
internal sealed class PauselessClock : FakeTimeProvider
{
    public PauselessClock()
    {
    }

    public PauselessClock(DateTimeOffset start)
        : base(start)
    {
    }

    /// <summary>Shorter timers are pauses; longer ones are time limits.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the number of pauses that elapse; later short timers are the remaining time limit of a try.</summary>
    public int MostPauses { get; init; } = int.MaxValue;

    public ConcurrentQueue<TimeSpan> Pauses { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime < LongestPause && Pauses.Count < MostPauses)
        {
            Pauses.Enqueue(dueTime);
            Advance(dueTime);
        }

        return timer;
    }
}
