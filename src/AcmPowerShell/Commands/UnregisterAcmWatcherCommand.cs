using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// Removes keys from subscriptions of Register-AcmWatcher, or whole subscriptions. A subscription ends with its last key. Also works within an action,
/// where Unregister-Event can block forever.
/// </summary>
[Cmdlet(VerbsLifecycle.Unregister, "AcmWatcher", SupportsShouldProcess = true, DefaultParameterSetName = KeySet)]
public sealed class UnregisterAcmWatcherCommand : PSCmdlet
{
    private const string KeySet = "Key";
    private const string SubscriptionSet = "Subscription";
    private const string WatcherSet = "Watcher";

    private readonly Dictionary<EventSubscription, List<ConfigKey>> _piped = [];

    /// <summary>Data ID to stop watching. Wildcards are supported. If several subscriptions watch it, it is removed from the oldest, or from all with -All or a wildcard.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = KeySet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(WatchedKeyCompleter))]
    public string DataId { get; set; } = "";

    /// <summary>Group of the data ID. Wildcards are supported. Defaults to DEFAULT_GROUP.</summary>
    [Parameter(Position = 1, ParameterSetName = KeySet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(WatchedKeyCompleter))]
    public string Group { get; set; } = ConfigKey.DefaultGroup;

    /// <summary>Namespace of the data ID. Defaults to any.</summary>
    [Parameter(ParameterSetName = KeySet)]
    [AllowEmptyString]
    public string? Namespace { get; set; }

    /// <summary>Remove the data ID from all subscriptions.</summary>
    [Parameter(ParameterSetName = KeySet)]
    public SwitchParameter All { get; set; }

    /// <summary>Names of subscriptions to remove. Wildcards are supported.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SubscriptionSet)]
    [ValidateNotNullOrEmpty, SupportsWildcards, ArgumentCompleter(typeof(WatchedKeyCompleter))]
    public string[] SourceIdentifier { get; set; } = [];

    /// <summary>Watchers from Get-AcmWatcher. Their keys are removed from their subscriptions.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = WatcherSet)]
    [ValidateNotNull]
    public AcmWatcher[] InputObject { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case WatcherSet:
                foreach (AcmWatcher watcher in InputObject) Gather(watcher);
                break;
            case SubscriptionSet:
                foreach (string name in SourceIdentifier) EndSubscriptions(name);
                break;
            default:
                RemoveKeys();
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (KeyValuePair<EventSubscription, List<ConfigKey>> piped in _piped) piped.Key.Remove(piped.Value);
        EventAction.RunPending(this);
    }

    private static EventSubscription[] Subscriptions => RunspaceResources.Of(Runspace.DefaultRunspace).Subscriptions;

    private void RemoveKeys()
    {
        string? name = Namespace is null ? null : NamespaceName.Normalize(Namespace);
        EventSubscription[] candidates = Array.FindAll(Subscriptions, subscription => name is null || name == subscription.Watcher.Namespace);
        if (WildcardPattern.ContainsWildcardCharacters(DataId) || WildcardPattern.ContainsWildcardCharacters(Group)) RemoveMatching(candidates);
        else RemoveKey(candidates, new ConfigKey(DataId, Group));
    }

    private void RemoveMatching(EventSubscription[] candidates)
    {
        KeyPattern pattern;
        try
        {
            pattern = new KeyPattern([DataId], [Group]);
        }
        catch (AcmException e)
        {
            ThrowTerminatingError(AcmErrors.Record(e, DataId));
            return;
        }

        foreach (EventSubscription subscription in candidates)
        {
            ConfigKey[] keys = [.. subscription.Watcher.Keys.Where(key => pattern.Matches(key) && IsApproved(subscription, key))];
            if (keys.Length == 0) continue;

            subscription.Watcher.Exclude(pattern);
            subscription.Remove(keys);
        }
    }

    private void RemoveKey(EventSubscription[] candidates, ConfigKey key)
    {
        EventSubscription[] found = Array.FindAll(candidates, subscription => subscription.Watcher.Contains(key));
        if (found.Length == 0 && !IsOwn(_ => true)) WriteError(NotFound($"'{key}' is not watched in this session. Run Get-AcmWatcher to list the watchers.", key));

        foreach (EventSubscription subscription in All ? found : found.Take(1)) Remove(subscription, key);
    }

    private void EndSubscriptions(string name)
    {
        WildcardPattern pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
        EventSubscription[] found = Array.FindAll(Subscriptions, subscription => pattern.IsMatch(subscription.Subscriber.SourceIdentifier));
        if (found.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name) && !IsOwn(own => pattern.IsMatch(own.SourceIdentifier)))
            WriteError(NotFound($"A watcher with the source identifier '{name}' was not found in this session. Run Get-AcmWatcher to list the watchers.", name));

        foreach (EventSubscription subscription in found)
            if (MayStop($"{subscription.Subscriber.SourceObject} ({subscription.Subscriber.SourceIdentifier})")) subscription.End();
    }

    private void Remove(EventSubscription subscription, ConfigKey key)
    {
        if (IsApproved(subscription, key)) subscription.Remove([key]);
    }

    // Keys are removed together, because removing many keys one by one takes quadratic time.
    private void Gather(AcmWatcher watcher)
    {
        if (!IsApproved(watcher.Subscription, watcher.Key)) return;

        if (!_piped.TryGetValue(watcher.Subscription, out List<ConfigKey>? keys)) _piped.Add(watcher.Subscription, keys = []);
        keys.Add(watcher.Key);
    }

    private bool IsApproved(EventSubscription subscription, ConfigKey key) =>
        !subscription.HasEnded && MayStop($"{key} ({subscription.Subscriber.SourceIdentifier})");

    private bool MayStop(string target) => Confirmation.Ask(this, target, "Stop watching");

    // Queued events run an action again after it removed its own subscription, so a missing one is not an error there.
    private bool IsOwn(Predicate<PSEventSubscriber> which) =>
        EventAction.Subscriber(this) is { SourceObject: AcmWatcherSource } own && which(own);

    private static ErrorRecord NotFound(string message, object target) => new(new ItemNotFoundException(message), "AcmWatcherNotFound", ErrorCategory.ObjectNotFound, target);
}
