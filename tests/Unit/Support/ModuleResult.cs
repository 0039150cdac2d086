using System.Management.Automation;

namespace Acm.Tests.Support;

/// <summary>What a script in a runspace left on each stream.</summary>
internal sealed record ModuleResult(
    IReadOnlyList<PSObject> Output,
    IReadOnlyList<ErrorRecord> Errors,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> Verbose,
    IReadOnlyList<string> Debug,
    IReadOnlyList<ProgressRecord> Progress)
{
    /// <summary>The output as text, one string an object.</summary>
    public IReadOnlyList<string> Texts => [.. Output.Select(o => o?.ToString() ?? "")];

    /// <summary>The only error.</summary>
    public ErrorRecord Error => Assert.Single(Errors);

    /// <summary>The id of the only error, without the command's name.</summary>
    public string ErrorId => Error.FullyQualifiedErrorId.Split(',')[0];

    /// <summary>For arranging: what must have worked.</summary>
    public ModuleResult ThrowOnError() =>
        Errors.Count == 0 ? this : throw new InvalidOperationException(string.Join("\n", Errors.Select(e => e.FullyQualifiedErrorId + ": " + e)));
}
