namespace Acm.Server.Storage;

internal enum ChangeOutcome
{
    /// <summary>It is on disk.</summary>
    Done,

    /// <summary>The current value is not the expected one; nothing was changed.</summary>
    Conflict,

    /// <summary>The key has as many gray versions as it may have; nothing was changed.</summary>
    TooManyGrays,

    /// <summary>A removal found nothing, which leaves no trace.</summary>
    Absent,
}
