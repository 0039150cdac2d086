using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AcmPowerShell;

/// <summary>Completes from places that are known without asking a server.</summary>
public abstract class PlaceCompleter : IArgumentCompleter
{
    private protected PlaceCompleter()
    {
    }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        WildcardPattern pattern;
        try
        {
            pattern = WildcardPattern.Get(CompletionText.Typed(wordToComplete) + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            pattern.IsMatch("");
        }
        catch (WildcardPatternException)
        {
            // A pattern that is not one yet, as it is being typed.
            return [];
        }

        return Find()
            .Where(found => pattern.IsMatch(found.Text))
            .OrderBy(found => found.Text, StringComparer.Ordinal)
            .Select(found => CompletionText.Offer(found.Text, found.Tip)).OfType<CompletionResult>()
            .ToArray();
    }

    /// <summary>The words to choose from, with what each is.</summary>
    private protected abstract IReadOnlyList<(string Text, string Tip)> Find();
}
