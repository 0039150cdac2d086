namespace Acm.Client;

/// <summary>The ways to name a state in a history.</summary>
internal enum RevisionQueryKind
{
    Version,
    Time,
    Previous,
    Deleted,
}
