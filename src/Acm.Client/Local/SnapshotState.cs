namespace Acm.Client.Local;

/// <summary>What a snapshot folder knows of a configuration.</summary>
public enum SnapshotState
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The value that a server last gave.</summary>
    Found,

    /// <summary>A server said that it is gone.</summary>
    Absent,

    /// <summary>Something that is not to be trusted, or can't be read.</summary>
    Damaged,
}
