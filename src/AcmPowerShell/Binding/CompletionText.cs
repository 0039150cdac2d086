using System.Management.Automation;
using System.Management.Automation.Language;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>How completers read what is typed, and write what they offer.</summary>
internal static class CompletionText
{
    /// <summary>What was typed so far, without its quotes.</summary>
    internal static string Typed(string? wordToComplete) => (wordToComplete ?? "").Trim('\'', '"');

    /// <summary>A name to offer; null for one with characters that a terminal acts on, which must not reach the line that is being typed.</summary>
    internal static CompletionResult? Offer(string name, string tip) =>
        name.Any(ForeignText.IsActive) ? null : new CompletionResult(Quote(name), name, CompletionResultType.ParameterValue, ForeignText.CleanLines(tip));

    /// <summary>A name in quotes where the parser would take it apart, or for something else.</summary>
    internal static string Quote(string name) =>
        name.Length > 0 && char.IsLetter(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '/')
            ? name
            : "'" + CodeGeneration.EscapeSingleQuotedStringContent(name) + "'";
}
