namespace Acm.Client.Calls;

/// <summary>What both targets' <see cref="TimeProvider"/> can do, under one name.</summary>
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
}
