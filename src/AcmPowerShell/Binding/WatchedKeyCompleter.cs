using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Completes from what is watched in this runspace: data ids, groups, and names of subscriptions.</summary>
public sealed class WatchedKeyCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string typed = CompletionText.Typed(wordToComplete);
        EventSubscription[] subscriptions = RunspaceResources.Of(Runspace.DefaultRunspace).Subscriptions;
        IEnumerable<(string Text, string Tip)> words = parameterName switch
        {
            nameof(GetAcmWatcherCommand.DataId) => Keys(subscriptions).Select(key => (key.DataId, key.ToString())),
            nameof(GetAcmWatcherCommand.Group) => Keys(subscriptions).Select(key => (key.Group, key.Group)),
            _ => subscriptions.Select(subscription => (subscription.Subscriber.SourceIdentifier, subscription.Subscriber.SourceObject.ToString()!)),
        };
        return [.. words
            .Where(word => word.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .GroupBy(word => word.Text, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => CompletionText.Offer(group.Key, group.First().Tip)).OfType<CompletionResult>()];
    }

    private static IEnumerable<ConfigKey> Keys(EventSubscription[] subscriptions) => subscriptions.SelectMany(subscription => subscription.Watcher.Keys);
}
