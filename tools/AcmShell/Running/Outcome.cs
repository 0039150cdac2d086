namespace AcmShell.Running;

/// <summary>How a pipeline ended.</summary>
internal enum Outcome
{
    Completed,

    /// <summary>By an error that nothing caught; it has been written.</summary>
    Failed,

    Stopped,
}
