namespace Acm.Conformance.Comparing;

internal enum Verdict
{
    /// <summary>A client cannot notice a difference.</summary>
    Equal,

    /// <summary>There is a difference, but no client depends on it.</summary>
    Soft,

    Different,

    /// <summary>Only the real recording has the step.</summary>
    Missing,
}
