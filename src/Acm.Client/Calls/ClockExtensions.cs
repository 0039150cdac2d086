namespace Acm.Client.Calls;

/// <summary>What both targets' <see cref="TimeProvider"/> can do, under one name, and the one way in which work is given a limit.</summary>
internal static class ClockExtensions
{
    /// <summary>A source whose token is cancelled when this time has passed by the clock.</summary>
    public static CancellationTokenSource CancelAfter(this TimeProvider clock, TimeSpan time) =>
#if NET
        new(time, clock);
#else
        clock.CreateCancellationTokenSource(time);
#endif

    /// <summary>Ends when this time has passed by the clock.</summary>
    public static Task PauseAsync(this TimeProvider clock, TimeSpan time, CancellationToken cancellationToken) =>
#if NET
        Task.Delay(time, clock, cancellationToken);
#else
        clock.Delay(time, cancellationToken);
#endif

    /// <summary>Runs work that ends when its token says so, and has it end when this time has passed by the clock.</summary>
    /// <param name="clock">Source of time.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="work">The work.</param>
    /// <param name="state">What it works with.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="TimeLimitException">The time ended first.</exception>
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
