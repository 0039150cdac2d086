namespace Acm.Server.Polling;

/// <summary>A poll that hangs. Its result is the body of its one answer; empty says that nothing changed.</summary>
internal sealed class Poll : TaskCompletionSource<ReadOnlyMemory<byte>>
{
    public Poll()
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
    }

    /// <summary>The tick of the clock at which the hang ends.</summary>
    public long DueTick { get; set; }

    public LinkedListNode<Poll>? ClockNode { get; set; }
}
