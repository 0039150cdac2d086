namespace Acm.Conformance.Comparing;

internal enum Verdict
{
    /// <summary>Nothing that a client could notice.</summary>
    Equal,

    /// <summary>To be seen, but no client depends on it.</summary>
    Soft,

    Different,

    /// <summary>The real recording has the step and ours does not.</summary>
    Missing,
}
