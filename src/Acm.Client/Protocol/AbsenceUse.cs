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

/// <summary>Defines what each kind of evidence of absence permits.</summary>
internal static class AbsenceRules
{
    private const AbsenceUse All = AbsenceUse.AnswerRead | AbsenceUse.SetSnapshotAside | AbsenceUse.TellRemoval | AbsenceUse.RemoveElsewhere;

    private static readonly Dictionary<AbsenceEvidence, AbsenceUse> Table = new()
    {
        [AbsenceEvidence.NoAnswer] = AbsenceUse.None,
        [AbsenceEvidence.Contradicted] = AbsenceUse.None,
        [AbsenceEvidence.NotListed] = AbsenceUse.None,
        [AbsenceEvidence.NotServed] = AbsenceUse.AnswerRead,
        [AbsenceEvidence.OneServer] = AbsenceUse.AnswerRead,
        [AbsenceEvidence.OneServerTwice] = All,
        [AbsenceEvidence.TwoServers] = All,
        [AbsenceEvidence.LoneServer] = All,
        [AbsenceEvidence.OnlyView] = All,
        [AbsenceEvidence.OwnRemoval] = AbsenceUse.AnswerRead | AbsenceUse.SetSnapshotAside,
    };

    /// <summary>Returns whether the evidence permits a use.</summary>
    public static bool Allows(this AbsenceEvidence evidence, AbsenceUse use) => (Table[evidence] & use) == use;
}
