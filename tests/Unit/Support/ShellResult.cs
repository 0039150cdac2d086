namespace Acm.Tests.Support;

/// <summary>What a run of the shell left. Line ends are LF on every platform, and the last one is cut.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string Errors);
