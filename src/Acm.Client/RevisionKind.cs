namespace Acm.Client;

/// <summary>The kind of change.</summary>
public enum RevisionKind
{
    /// <summary>The configuration was created.</summary>
    Added,

    /// <summary>Content or metadata was replaced.</summary>
    Changed,

    /// <summary>The configuration was removed.</summary>
    Removed,
}
