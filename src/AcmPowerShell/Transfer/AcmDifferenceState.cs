namespace AcmPowerShell;

/// <summary>What would have to happen to the second side of a comparison, for it to be like the first.</summary>
public enum AcmDifferenceState
{
    /// <summary>Nothing: both sides have the same.</summary>
    Unchanged,

    /// <summary>Only the first side has it.</summary>
    Added,

    /// <summary>Both sides have it, with different content or metadata.</summary>
    Changed,

    /// <summary>Only the second side has it.</summary>
    Removed,
}
