using Acm.Server.Dialects.Nacos.Grpc;

namespace Acm.Tests.Server;

/// <summary>The limit of large gRPC responses.</summary>
public class LargeAnswersTests
{
    // Kestrel uses the context of a call that has ended for the next call, and throws between the two: in the callback of a timer, that would end the process.
    [Fact]
    public async Task A_look_that_comes_just_after_an_answer_was_sent_aborts_nothing()
    {
        var clock = new LooksOnRequest();
        var answers = new LargeAnswers(clock);
        int aborted = 0;
        var sending = new List<IDisposable>();
        for (int i = 0; i < LargeAnswers.MaxAtOnce; i++) sending.Add(await answers.EnterAsync(() => aborted++, TestContext.Current.CancellationToken));
        Task<IDisposable>[] waiting = [.. Enumerable.Range(0, 2).Select(_ => answers.EnterAsync(static () => { }, TestContext.Current.CancellationToken).AsTask())];

        clock.Look(ofTimer: 1);
        sending[0].Dispose();
        clock.Look(ofTimer: 0);

        Assert.Equal(1, aborted);
        sending[1].Dispose();
        await Task.WhenAll(waiting);
    }

    /// <summary>Runs the callbacks of its timers on request, even if the timer was disposed of: a callback may be on its way then.</summary>
    private sealed class LooksOnRequest : TimeProvider
    {
        private readonly List<Action> _looks = [];

        public void Look(int ofTimer) => _looks[ofTimer]();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _looks.Add(() => callback(state));
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
