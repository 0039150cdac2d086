namespace Acm.Client.Calls;

/// <summary>Cancellable waiting for tasks.</summary>
internal static class TaskExtensions
{
    /// <summary>Waits for a task until the caller cancels; the task itself continues.</summary>
    public static Task OrCancelled(this Task work, CancellationToken cancellationToken) => work.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <inheritdoc cref="OrCancelled(Task, CancellationToken)"/>
    public static Task<T> OrCancelled<T>(this Task<T> work, CancellationToken cancellationToken) => work.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
}
