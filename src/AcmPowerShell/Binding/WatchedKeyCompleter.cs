using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Completes data IDs, groups and subscription names from the watchers of this runspace.</summary>
public sealed class WatchedKeyCompleter : Completer
{
    private protected override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request)
    {
        EventSubscription[] subscriptions = RunspaceResources.Of(Runspace.DefaultRunspace).Subscriptions;
        IEnumerable<ConfigKey> keys = subscriptions.SelectMany(subscription => subscription.Watcher.Keys);
        IEnumerable<(string Text, string Tip)> words = request.ParameterName switch
        {
            nameof(GetAcmWatcherCommand.DataId) => keys.Select(key => (key.DataId, key.ToString())),
            nameof(GetAcmWatcherCommand.Group) => keys.Select(key => (key.Group, key.Group)),
            _ => subscriptions.Select(subscription => (subscription.Subscriber.SourceIdentifier, subscription.Subscriber.SourceObject.ToString()!)),
        };
        return words.OrderBy(word => word.Text, StringComparer.Ordinal);
    }
}
