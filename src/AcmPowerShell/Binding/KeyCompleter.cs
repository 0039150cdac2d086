using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Completes from the keys that are on the server now. Never fails, and never takes long.</summary>
public abstract class KeyCompleter : IArgumentCompleter
{
    /// <summary>With all that comes before and after, an answer is on the screen within 300 ms.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private protected KeyCompleter()
    {
    }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        AcmSession? session = Bound(fakeBoundParameters, "Session") as AcmSession ?? RunspaceResources.Of(Runspace.DefaultRunspace).Current;
        if (session is not { IsConnected: true }) return [];

        try
        {
            AcmClient client = Bound(fakeBoundParameters, "Namespace") is string name ? session.Client.ForNamespace(name) : session.Client;
            string typed = CompletionText.Typed(wordToComplete);
            WildcardPattern pattern = WildcardPattern.Get(typed + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            return Find(session.Keys.Get(client, Patience), commandName, Bound(fakeBoundParameters, "DataId") as string, Bound(fakeBoundParameters, "Group") as string)
                .Where(found => pattern.IsMatch(found.Text) || pattern.IsMatch(found.Text[(found.Text.IndexOf('/') + 1)..]))
                .OrderBy(found => found.Text, StringComparer.Ordinal)
                .Select(found => CompletionText.Offer(found.Text, found.Tip)).OfType<CompletionResult>()
                .ToArray();
        }
        catch (Exception e) when (e is AcmException or ObjectDisposedException or WildcardPatternException)
        {
            // A namespace or a pattern that is not one yet, as it is being typed.
            return [];
        }
    }

    /// <summary>The words to choose from, with what each is.</summary>
    /// <param name="keys">All keys of the namespace.</param>
    /// <param name="commandName">The command that is being typed.</param>
    /// <param name="dataId">The data id that was typed already; null for none.</param>
    /// <param name="group">The group that was typed already; null for none.</param>
    private protected abstract IEnumerable<(string Text, string Tip)> Find(IReadOnlyCollection<ConfigItem> keys, string commandName, string? dataId, string? group);

    private static object? Bound(IDictionary parameters, string name) => parameters[name] is PSObject wrapped ? wrapped.BaseObject : parameters[name];
}
