namespace Acm.Client.Watching;

/// <summary>
/// Runs callbacks and their continuations on dedicated threads: blocking callbacks would otherwise exhaust the thread pool, which the polls need. A thread ends with its task,
/// so none is idle, and none waits for another.
/// </summary>
internal sealed class CallbackScheduler : TaskScheduler
{
    private CallbackScheduler()
    {
    }

    /// <summary>Gets the stateless instance for all clients.</summary>
    public static CallbackScheduler Instance { get; } = new();

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => new Thread(() => TryExecuteTask(task)) { IsBackground = true, Name = "Acm callback" }.Start();

    // A task must not continue on the pool thread that completed it.
    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => Current == this && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
