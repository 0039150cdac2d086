namespace Acm.Client.Watching;

/// <summary>
/// Runs callbacks, and what they do after an await, each on a thread of its own: callbacks that block would else take the pool's threads, on which the polls go on. A thread ends with what it runs,
/// so that there is none while nothing is told, and none that waits for another one to be free.
/// </summary>
internal sealed class CallbackScheduler : TaskScheduler
{
    private CallbackScheduler()
    {
    }

    /// <summary>The one that all clients share; it keeps no state.</summary>
    public static CallbackScheduler Instance { get; } = new();

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => new Thread(() => TryExecuteTask(task)) { IsBackground = true, Name = "Acm callback" }.Start();

    // What completes on a thread of the pool may not go on there.
    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => Current == this && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
