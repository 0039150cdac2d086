using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Acm.Client;
using Acm.Client.Text;

namespace AcmPowerShell;

/// <summary>Base class of the argument completers. Completion never fails: an error offers nothing.</summary>
public abstract class Completer : IArgumentCompleter
{
    private protected Completer()
    {
    }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            // Brackets are literal, because names such as [default] contain them.
            string typed = (wordToComplete ?? "").Trim('\'', '"').Replace("[", "`[").Replace("]", "`]");
            WildcardPattern pattern = WildcardPattern.Get(typed + "*", WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            return [.. Find(new CompletionRequest(commandName, parameterName, fakeBoundParameters))
                .Where(found => IsMatch(pattern, found.Text))
                .GroupBy(found => found.Text, StringComparer.Ordinal)
                .Select(same => Offer(same.Key, same.First().Tip)).OfType<CompletionResult>()];
        }
        catch (Exception e) when (e is AcmException or WildcardPatternException or ObjectDisposedException or OperationCanceledException or ArgumentException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The typed name or pattern can be incomplete, and commands report damaged files and unreachable servers.
            return [];
        }
    }

    /// <summary>Returns the words to choose from with their descriptions, in display order. The first of several equal words is used.</summary>
    private protected abstract IEnumerable<(string Text, string Tip)> Find(CompletionRequest request);

    /// <summary>Gets whether the words are numbers, which are not quoted.</summary>
    private protected virtual bool IsNumber => false;

    private protected virtual bool IsMatch(WildcardPattern pattern, string text) => pattern.IsMatch(text);

    /// <summary>Returns a completion, or null for a name with control characters, which must not reach the command line.</summary>
    private CompletionResult? Offer(string name, string tip) =>
        name.Any(ForeignText.IsActive) ? null : new CompletionResult(IsNumber ? name : Quote(name), name, CompletionResultType.ParameterValue, ForeignText.CleanLines(tip));

    /// <summary>Quotes a name that PowerShell would not parse as a single string.</summary>
    internal static string Quote(string name) =>
        name.Length > 0 && char.IsLetter(name[0]) && name.All(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' or ':' or '/')
            ? name
            : "'" + CodeGeneration.EscapeSingleQuotedStringContent(name) + "'";
}

/// <summary>The command line to complete.</summary>
internal readonly record struct CompletionRequest(string CommandName, string ParameterName, IDictionary Parameters)
{
    /// <summary>Gets the connection of the command, or null if there is none.</summary>
    internal AcmSession? Session => (Bound("Session") as AcmSession ?? RunspaceResources.Of(Runspace.DefaultRunspace).Current) is { IsConnected: true } session ? session : null;

    /// <summary>Returns the value of another parameter, or null if it is not specified.</summary>
    internal object? Bound(string parameter) => BoundValue.Unwrap(Parameters[parameter]);

    /// <summary>Returns the client for the namespace of the command.</summary>
    internal AcmClient ClientOf(AcmSession session) => Bound("Namespace") is string name ? session.Client.ForNamespace(name) : session.Client;
}
