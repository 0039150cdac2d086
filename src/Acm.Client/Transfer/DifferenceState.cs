namespace Acm.Client.Transfer;

/// <summary>How a configuration differs between source and target.</summary>
public enum DifferenceState
{
    /// <summary>Both sides are equal.</summary>
    Unchanged,

    /// <summary>Only the source has it.</summary>
    Added,

    /// <summary>Both have it, with different content or metadata.</summary>
    Changed,

    /// <summary>Only the target has it.</summary>
    Removed,

    /// <summary>It could not be compared; the item's error says why.</summary>
    Unknown,
}
