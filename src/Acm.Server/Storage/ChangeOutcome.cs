namespace Acm.Server.Storage;

internal enum ChangeOutcome
{
    /// <summary>The change is committed.</summary>
    Done,

    /// <summary>The current value does not match the expected MD5; nothing was changed.</summary>
    Conflict,

    /// <summary>The key has the maximum number of gray versions; nothing was changed.</summary>
    TooManyGrays,

    /// <summary>The gray version to remove does not exist; nothing was changed.</summary>
    Absent,
}
