namespace Acm.Tests.Pester;

/// <summary>An expected test of a suite: an <c>It</c>, or one of its cases.</summary>
/// <param name="Line">The line of the <c>It</c>.</param>
/// <param name="Case">The zero-based index among the results of that line, in the order of execution.</param>
/// <param name="Name">The names of the blocks and the test as written.</param>
internal sealed record SuiteTest(int Line, int Case, string Name);
