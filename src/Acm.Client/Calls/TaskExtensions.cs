namespace Acm.Client.Calls;

/// <summary>Waits that end before the work does.</summary>
internal static class TaskExtensions
{
    /// <summary>Waits for work that goes on when this caller stops waiting.</summary>
    public static Task OrCancelled(this Task work, CancellationToken cancellationToken) => work.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <summary>Waits for work that goes on when this caller stops waiting.</summary>
    public static Task<T> OrCancelled<T>(this Task<T> work, CancellationToken cancellationToken) => work.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
}
