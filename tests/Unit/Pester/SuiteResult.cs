namespace Acm.Tests.Pester;

/// <summary>A line of the output of <c>Invoke-Suites.ps1</c>.</summary>
/// <param name="Kind"><c>Test</c>; or <c>Block</c> or <c>Suite</c> for a failure in its discovery, set-up or clean-up.</param>
/// <param name="Suite">The name of the suite, which is that of a cmdlet.</param>
/// <param name="Line">The line of the <c>It</c>.</param>
/// <param name="Name">The expanded names of the blocks and the test.</param>
/// <param name="Outcome"><c>Passed</c>, <c>Failed</c>, <c>Skipped</c> or another result of Pester.</param>
/// <param name="Message">The failure and its location; empty without a failure.</param>
/// <param name="Nacos">The Nacos generation of the server; null for ACM.</param>
internal sealed record SuiteResult(string Kind, string Suite, int Line, string Name, string Outcome, string Message, string? Nacos = null);
