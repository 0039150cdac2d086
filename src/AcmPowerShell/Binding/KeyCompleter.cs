using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Base class of the completers for the keys that are on the server.</summary>
public abstract class KeyCompleter : Completer
{
    /// <summary>Time to wait for the server, so that completions are shown within 300 ms.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private protected KeyCompleter()
    {
    }

    private protected sealed override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request) => request.Session is not { } session
        ? []
        : Find(session.Keys.Get(request.ClientOf(session), Patience), request.CommandName, request.Bound("DataId") as string, request.Bound("Group") as string)
            .OrderBy(found => found.Text, StringComparer.Ordinal);

    // A data ID that is offered as group/dataId also completes from the data ID alone.
    private protected override bool IsMatch(WildcardPattern pattern, string text) => pattern.IsMatch(text) || pattern.IsMatch(text[(text.IndexOf('/') + 1)..]);

    /// <summary>Returns the words to choose from with their descriptions.</summary>
    /// <param name="keys">All keys of the namespace.</param>
    /// <param name="commandName">The name of the command.</param>
    /// <param name="dataId">The value of -DataId, or null.</param>
    /// <param name="group">The value of -Group, or null.</param>
    private protected abstract IEnumerable<(string Text, string Tip)> Find(IReadOnlyCollection<ConfigItem> keys, string commandName, string? dataId, string? group);
}
