using Acm.Client.Protocol;

namespace Acm.Client.History;

/// <summary>
/// Maps the rows of a history to states. A version means the state after its change, but servers store the state before it: the row of a creation contains the created state, that of a change
/// or removal the previous one (observed with Nacos 1.4.8, 2.5.1 and 3.0.3).
/// </summary>
internal static class RevisionMap
{
    /// <summary>Returns where the state after a change is found.</summary>
    /// <param name="kind">The kind of the change.</param>
    /// <param name="next">The kind of the next change of the same configuration; null if there is none.</param>
    public static StateSource After(RevisionKind kind, RevisionKind? next) => (kind, next) switch
    {
        (RevisionKind.Removed, _) => StateSource.Nothing,
        (RevisionKind.Added, _) => StateSource.Row,
        (_, null) => StateSource.Current,

        // A removal in between is missing from the history.
        (_, RevisionKind.Added) => StateSource.Unknown,
        _ => StateSource.NextRow,
    };

    /// <summary>Returns whether a row contains the state before its change; before a creation there was none.</summary>
    public static bool HoldsStateBefore(RevisionKind kind) => kind != RevisionKind.Added;

    /// <summary>Creates the public object of a change.</summary>
    public static ConfigRevision Revision(string @namespace, ConfigKey key, HistoryRow row) => new()
    {
        DataId = key.DataId,
        Group = key.Group,
        Namespace = @namespace,
        Version = row.Id,
        Time = row.Time,
        Operation = row.Kind,
        User = row.User,
        Address = row.Address,
        GrayName = row.GrayName,
    };
}

/// <summary>Where the state after a change is found.</summary>
internal enum StateSource
{
    /// <summary>Nowhere, because the change removed the configuration.</summary>
    Nothing,

    /// <summary>In the row of the change itself.</summary>
    Row,

    /// <summary>In the row of the next change, which contains the state before it.</summary>
    NextRow,

    /// <summary>In the value that is stored now.</summary>
    Current,

    /// <summary>Unknown, because rows are missing.</summary>
    Unknown,
}
