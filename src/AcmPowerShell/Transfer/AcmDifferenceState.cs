namespace AcmPowerShell;

/// <summary>Specifies the change that would make the second side of a comparison equal to the first.</summary>
public enum AcmDifferenceState
{
    /// <summary>Both sides are equal.</summary>
    Unchanged,

    /// <summary>Only the first side has it.</summary>
    Added,

    /// <summary>Both sides have it, with different content or metadata.</summary>
    Changed,

    /// <summary>Only the second side has it.</summary>
    Removed,
}
