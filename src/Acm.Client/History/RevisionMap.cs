using Acm.Client.Protocol;

namespace Acm.Client.History;

/// <summary>
/// Maps the rows of a history to states. A version stands for the state after its change, though servers keep the state before it: the row of an addition holds what was added, that of a change
/// or a removal what there was before (recordings v1.history and v3admin.history of 1.4.8, 2.5.1 and 3.0.3).
/// </summary>
internal static class RevisionMap
{
    /// <summary>Returns where the state after a change is.</summary>
    /// <param name="kind">What the change did.</param>
    /// <param name="next">What the next change of the same configuration did; null where there is none.</param>
    public static StateSource After(RevisionKind kind, RevisionKind? next) => (kind, next) switch
    {
        (RevisionKind.Removed, _) => StateSource.Nothing,
        (RevisionKind.Added, _) => StateSource.Row,
        (_, null) => StateSource.Current,

        // It was removed in between, by a change that is not in the history.
        (_, RevisionKind.Added) => StateSource.Unknown,
        _ => StateSource.NextRow,
    };

    /// <summary>Returns whether a row holds the state before its change. Before an addition there was none.</summary>
    public static bool HoldsStateBefore(RevisionKind kind) => kind != RevisionKind.Added;

    /// <summary>The change as callers see it.</summary>
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
    };
}
