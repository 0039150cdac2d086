namespace Acm.Client.Local;

/// <summary>The state of a snapshot.</summary>
public enum SnapshotState
{
    /// <summary>There is no snapshot.</summary>
    None,

    /// <summary>It has the last value from a server.</summary>
    Found,

    /// <summary>A server reported that the configuration does not exist.</summary>
    Absent,

    /// <summary>It is damaged or cannot be read.</summary>
    Damaged,
}
