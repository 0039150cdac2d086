using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Acm.Tests.Support;

/// <summary>
/// A clock that stands still, but for the pauses between tries (anything shorter than a second): each passes at the moment it begins, and is noted. A test that advances
/// the clock itself would have to know that the pause has begun, which nothing tells.
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

    /// <summary>What is shorter is a pause; what is not is a limit.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So many pauses pass. What is short after them is the limit of a try, of which little is left.</summary>
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
