namespace Acm.Server.Storage;

internal enum ChangeOutcome
{
    /// <summary>It is on disk.</summary>
    Done,

    /// <summary>The current value is not the expected one; nothing was changed.</summary>
    Conflict,
}
