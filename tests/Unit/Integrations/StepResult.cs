namespace Acm.Tests.Integrations;

/// <summary>The result of a pipeline step.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Lines">The lines of the log, including commands.</param>
/// <param name="Summary">The summary in Markdown.</param>
internal sealed record StepResult(int ExitCode, string[] Lines, string Summary)
{
    /// <summary>Gets the commands that the runner would execute. GitHub's are at the start of a line, or anywhere in the old syntax; Azure's are anywhere.</summary>
    public string[] Commands { get; } = [.. Lines.Where(line => line.TrimStart().StartsWith("::", StringComparison.Ordinal) || line.Contains("##[", StringComparison.Ordinal) || line.Contains("##vso[", StringComparison.Ordinal))];

    /// <summary>Gets the visible log, without the commands that define masks.</summary>
    public string Seen { get; } = string.Join('\n', Lines.Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal) && !line.StartsWith("##vso[task.setsecret]", StringComparison.Ordinal)));

    /// <summary>Returns the result for the message of a failed test.</summary>
    public override string ToString() => $"exit {ExitCode}\n{string.Join('\n', Lines)}\n{Summary}";
}
