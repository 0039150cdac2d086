namespace Acm.Tests.Integrations;

/// <summary>What a step of a pipeline left.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Lines">What it wrote to its log, commands included.</param>
/// <param name="Summary">The markdown of its summary.</param>
internal sealed record StepResult(int ExitCode, string[] Lines, string Summary)
{
    /// <summary>The commands that the runner would carry out. GitHub's stand at the start of a line, or anywhere in the old spelling; Azure's anywhere.</summary>
    public string[] Commands { get; } = [.. Lines.Where(line => line.TrimStart().StartsWith("::", StringComparison.Ordinal) || line.Contains("##[", StringComparison.Ordinal) || line.Contains("##vso[", StringComparison.Ordinal))];

    /// <summary>What a reader of the log sees who does not know the masks: everything but the masks themselves.</summary>
    public string Seen { get; } = string.Join('\n', Lines.Where(line => !line.StartsWith("::add-mask::", StringComparison.Ordinal) && !line.StartsWith("##vso[task.setsecret]", StringComparison.Ordinal)));

    /// <summary>The whole, for the message of a test that fails.</summary>
    public override string ToString() => $"exit {ExitCode}\n{string.Join('\n', Lines)}\n{Summary}";
}
