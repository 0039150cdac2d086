using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Lists the watchers of Register-AcmWatcher in this runspace with their state: one object for each key of a subscription.</summary>
[Cmdlet(VerbsCommon.Get, "AcmWatcher")]
[OutputType(typeof(AcmWatcher))]
public sealed class GetAcmWatcherCommand : PSCmdlet
{
    /// <summary>Data IDs. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(WatchedKeyCompleter))]
    public string[] DataId { get; set; } = ["*"];

    /// <summary>Groups. Wildcards are supported. Defaults to all.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(WatchedKeyCompleter))]
    public string[] Group { get; set; } = ["*"];

    /// <summary>Names of subscriptions. Wildcards are supported. Defaults to all.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(WatchedKeyCompleter))]
    public string[] SourceIdentifier { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        KeyPattern pattern;
        try
        {
            pattern = new KeyPattern(DataId, Group);
        }
        catch (AcmException e)
        {
            ThrowTerminatingError(AcmErrors.Record(e, target: null));
            return;
        }

        WildcardPattern[] names = [.. SourceIdentifier.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        foreach (EventSubscription subscription in RunspaceResources.Of(Runspace.DefaultRunspace).Subscriptions)
        {
            if (!Array.Exists(names, name => name.IsMatch(subscription.Subscriber.SourceIdentifier))) continue;

            foreach (WatchedKey status in subscription.Watcher.Status())
                if (pattern.Matches(status.Key)) WriteObject(new AcmWatcher(subscription, status));
        }
    }
}
