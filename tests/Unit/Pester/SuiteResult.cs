namespace Acm.Tests.Pester;

/// <summary>One line of what <c>Invoke-Suites.ps1</c> writes.</summary>
/// <param name="Kind"><c>Test</c>, or <c>Block</c> or <c>Suite</c> for one that failed by itself: in its discovery, its set-up or its clean-up.</param>
/// <param name="Suite">The suite's name: a cmdlet's.</param>
/// <param name="Line">Where its <c>It</c> stands.</param>
/// <param name="Name">The expanded names of the blocks around it, and its own.</param>
/// <param name="Outcome"><c>Passed</c>, <c>Failed</c>, <c>Skipped</c> or another of Pester's words.</param>
/// <param name="Message">What failed and where; empty where nothing did.</param>
/// <param name="Nacos">The generation of Nacos that it ran against; null for ACM.</param>
internal sealed record SuiteResult(string Kind, string Suite, int Line, string Name, string Outcome, string Message, string? Nacos = null);
