using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace AcmPowerShell;

/// <summary>Completes from places: endpoints, regions and namespaces.</summary>
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

        return Find(SessionOf(fakeBoundParameters))
            .Where(found => pattern.IsMatch(found.Text))
            .OrderBy(found => found.Text, StringComparer.Ordinal)
            .Select(found => CompletionText.Offer(found.Text, found.Tip)).OfType<CompletionResult>()
            .ToArray();
    }

    /// <summary>The words to choose from, with what each is.</summary>
    /// <param name="session">The connection that the command uses; null for none.</param>
    private protected abstract IReadOnlyList<(string Text, string Tip)> Find(AcmSession? session);

    private static AcmSession? SessionOf(IDictionary parameters)
    {
        object? bound = parameters["Session"] is PSObject wrapped ? wrapped.BaseObject : parameters["Session"];
        return bound as AcmSession ?? RunspaceResources.Of(Runspace.DefaultRunspace).Current;
    }
}
