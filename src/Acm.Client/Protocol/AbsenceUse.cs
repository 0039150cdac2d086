namespace Acm.Client.Protocol;

/// <summary>The actions that the absence of a configuration may cause.</summary>
[Flags]
internal enum AbsenceUse
{
    /// <summary>None: the read fails.</summary>
    None = 0,

    /// <summary>A read fails with "not found".</summary>
    AnswerRead = 1,

    /// <summary>The snapshot is invalidated.</summary>
    SetSnapshotAside = 2,

    /// <summary>Watchers are notified of the removal.</summary>
    TellRemoval = 4,

    /// <summary>A comparison reports it as missing, and it is removed from another place.</summary>
    RemoveElsewhere = 8,
}
