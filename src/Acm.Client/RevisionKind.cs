namespace Acm.Client;

/// <summary>What a change did to a configuration.</summary>
public enum RevisionKind
{
    /// <summary>Created it.</summary>
    Added,

    /// <summary>Replaced its content, or what is stored beside it.</summary>
    Changed,

    /// <summary>Removed it.</summary>
    Removed,
}
