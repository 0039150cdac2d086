namespace AcmPowerShell;

/// <summary>The patterns whose new matches are watched, and the interval at which the list is read.</summary>
internal sealed record PatternFollowing(IReadOnlyList<KeyPattern> Patterns, TimeSpan Interval)
{
    /// <summary>Gets the interval for comparing values if servers do not report changes. Null for the engine's default.</summary>
    internal TimeSpan? ComparisonInterval { get; init; }

    /// <summary>Gets whether changes of metadata without content are reported, also for the initial keys.</summary>
    internal bool IncludesMetadata { get; init; }
}
