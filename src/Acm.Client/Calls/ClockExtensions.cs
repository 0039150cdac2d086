namespace Acm.Client.Calls;

/// <summary>Timers of a <see cref="TimeProvider"/> for both target frameworks, and the way to run work with a time-out.</summary>
internal static class ClockExtensions
{
    /// <summary>Creates a source whose token is cancelled after a time.</summary>
    public static CancellationTokenSource CancelAfter(this TimeProvider clock, TimeSpan time) =>
#if NET
        new(time, clock);
#else
        clock.CreateCancellationTokenSource(time);
#endif

    /// <summary>Returns a task that completes after a time.</summary>
    public static Task PauseAsync(this TimeProvider clock, TimeSpan time, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(time, clock, cancellationToken);
#else
        clock.Delay(time, cancellationToken);
#endif

    /// <summary>Runs cancellable work with a time-out.</summary>
    /// <param name="clock">Source of time.</param>
    /// <param name="limit">The time-out.</param>
    /// <param name="work">The work, which must observe its token.</param>
    /// <param name="state">The argument of the work.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="TimeLimitException">The work timed out.</exception>
    public static async Task<T> WithinAsync<TState, T>(this TimeProvider clock, TimeSpan limit, Func<TState, CancellationToken, Task<T>> work, TState state, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ending = clock.CancelAfter(limit);
        using CancellationTokenRegistration _ = cancellationToken.Register(static source => ((CancellationTokenSource)source!).Cancel(), ending);
        try
        {
            return await work(state, ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeLimitException(e, wasUnderWay: true);
        }
    }
}
