namespace AcmPowerShell;

/// <summary>Which names are watched once they exist, and how often the list is read to find them.</summary>
internal sealed record PatternFollowing(IReadOnlyList<KeyPattern> Patterns, TimeSpan Interval)
{
    /// <summary>How often values are compared where the servers tell of no change; null for the engine's own interval.</summary>
    internal TimeSpan? ComparisonInterval { get; init; }
}
