namespace Acm.Tests.Pester;

/// <summary>One line of what the runner writes.</summary>
/// <param name="Kind"><c>Test</c>, or <c>Block</c> or <c>Root</c> for a clean-up that failed.</param>
/// <param name="Line">Where its <c>It</c> stands.</param>
/// <param name="Block">The expanded names of the blocks around it.</param>
/// <param name="Name">Its expanded name.</param>
/// <param name="Outcome"><c>Passed</c> or <c>Failed</c>.</param>
/// <param name="Message">What failed and where; empty where nothing did.</param>
internal sealed record SuiteResult(string Kind, int Line, string Block, string Name, string Outcome, string Message);
