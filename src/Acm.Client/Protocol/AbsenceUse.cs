namespace Acm.Client.Protocol;

/// <summary>What may be done because a configuration does not exist.</summary>
[Flags]
internal enum AbsenceUse
{
    /// <summary>Nothing: the read fails.</summary>
    None = 0,

    /// <summary>A read answers "not found".</summary>
    AnswerRead = 1,

    /// <summary>Its snapshot is set aside.</summary>
    SetSnapshotAside = 2,

    /// <summary>Watchers are told of its removal.</summary>
    TellRemoval = 4,

    /// <summary>A comparison says that it is missing, and a file or a configuration is removed because it is missing elsewhere.</summary>
    RemoveElsewhere = 8,
}
