namespace Acm.Tests.Pester;

/// <summary>One test that a suite has to give: an <c>It</c>, or one case of it.</summary>
/// <param name="Line">Where its <c>It</c> stands.</param>
/// <param name="Case">Which of the results of that line it is, from 0, in the order in which they run.</param>
/// <param name="Name">The names of the blocks and the test, as they are written.</param>
internal sealed record SuiteTest(int Line, int Case, string Name);
