using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AcmPowerShell;

/// <summary>Completes the types of configurations that Nacos knows.</summary>
public sealed class TypeCompleter : IArgumentCompleter
{
    private static readonly string[] Types = ["properties", "xml", "json", "text", "html", "yaml", "toml", "unset"];

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = CompletionText.Typed(wordToComplete);
        return Types
            .Where(type => type.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(type => new CompletionResult(type, type, CompletionResultType.ParameterValue, type == "unset" ? "No type was given" : $"Content of type {type}"));
    }
}
