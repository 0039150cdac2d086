namespace Acm.Client;

/// <summary>The ways to identify a state in a history.</summary>
internal enum RevisionQueryKind
{
    Version,
    Time,
    Previous,
    Deleted,
}
