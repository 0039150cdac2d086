namespace Acm.Client.Transfer;

/// <summary>What has to happen to a configuration of the target, for it to be as the source has it.</summary>
public enum DifferenceState
{
    /// <summary>Nothing: both hold the same.</summary>
    Unchanged,

    /// <summary>The source has it and the target has not.</summary>
    Added,

    /// <summary>Both have it, with different content or metadata.</summary>
    Changed,

    /// <summary>The target has it and the source has not.</summary>
    Removed,

    /// <summary>It could not be compared; the item's error says why.</summary>
    Unknown,
}
