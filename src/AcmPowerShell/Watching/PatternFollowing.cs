namespace AcmPowerShell;

/// <summary>Which names are watched once they exist, and how often the list is read to find them.</summary>
internal sealed record PatternFollowing(IReadOnlyList<KeyPattern> Patterns, TimeSpan Interval)
{
    /// <summary>How often values are compared where the servers tell of no change; null for the engine's own interval.</summary>
    internal TimeSpan? ComparisonInterval { get; init; }

    /// <summary>Whether changes of metadata alone are told, of the keys of the start as well.</summary>
    internal bool IncludesMetadata { get; init; }
}
