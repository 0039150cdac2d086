namespace AcmPowerShell;

/// <summary>Which names are watched once they exist, and how often the list is read to find them.</summary>
internal sealed record PatternFollowing(IReadOnlyList<KeyPattern> Patterns, TimeSpan Interval);
