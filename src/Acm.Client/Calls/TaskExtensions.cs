namespace Acm.Client.Calls;

/// <summary>Ways to wait for tasks.</summary>
internal static class TaskExtensions
{
    /// <summary>Waits for a task until the caller cancels; the task itself continues.</summary>
    public static Task OrCancelled(this Task work, CancellationToken cancellationToken) => work.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <inheritdoc cref="OrCancelled(Task, CancellationToken)"/>
    public static Task<T> OrCancelled<T>(this Task<T> work, CancellationToken cancellationToken) => work.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <summary>Returns a task that completes with another one and ignores its failure, because an earlier failure was already thrown or the caller stopped reading.</summary>
    public static Task Settled(this Task work) =>
        work.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
