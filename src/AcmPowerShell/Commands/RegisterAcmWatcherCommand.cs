using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// Has changes of configurations become PowerShell events. One call is one subscription over all its keys, as Register-ObjectEvent makes for one event.
/// </summary>
[Cmdlet(VerbsLifecycle.Register, "AcmWatcher")]
[OutputType(typeof(PSEventJob))]
public sealed class RegisterAcmWatcherCommand : WatchingCmdlet
{
    /// <summary>Name of the subscription, which its events carry; by default a new GUID.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SourceIdentifier { get; set; }

    /// <summary>What to do at each event; its output is the returned job's. Without it the events wait in the session's queue.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Action { get; set; }

    /// <summary>Data that each event carries as $Event.MessageData.</summary>
    [Parameter]
    public PSObject? MessageData { get; set; }

    /// <summary>Hide the subscription from Get-EventSubscriber without -Force, and return no job.</summary>
    [Parameter]
    public SwitchParameter SupportEvent { get; set; }

    /// <summary>Send the events to the session at the other end of a remote connection.</summary>
    [Parameter]
    public SwitchParameter Forward { get; set; }

    /// <summary>End the subscription after this many events; 0, the default, for never.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaxTriggerCount { get; set; }

    /// <summary>Raise events for changes only, not for the values that are there now.</summary>
    [Parameter]
    public SwitchParameter NoInitial { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        if (Forward && Action is not null)
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter(
                "-Action and -Forward exclude each other: an event is either handled here or forwarded.", nameof(Forward)));
        }

        if (SourceIdentifier?.StartsWith("PowerShell.", StringComparison.OrdinalIgnoreCase) == true)
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter(
                $"'{SourceIdentifier}' is not a valid source identifier: names that begin with 'PowerShell.' are reserved.", nameof(SourceIdentifier), SourceIdentifier));
        }

        if (SourceIdentifier is not null && Events.GetEventSubscribers(SourceIdentifier).Any())
        {
            ThrowTerminatingError(new ErrorRecord(
                new ArgumentException($"A subscription with the source identifier '{SourceIdentifier}' already exists. Remove it with Unregister-Event, or omit -SourceIdentifier to get a unique name."),
                "AcmSubscriberExists", ErrorCategory.ResourceExists, SourceIdentifier));
        }

        Progress.Activity = "Looking up what to watch";
    }

    // The events belong to the pipeline thread.
    private protected override async Task WatchAsync(IReadOnlyList<ConfigKey> keys, PatternFollowing following, CancellationToken cancellationToken)
    {
        var request = new WatcherRequest(SourceIdentifier ?? Guid.NewGuid().ToString(), Action, MessageData, SupportEvent, Forward, MaxTriggerCount, NoInitial, WatchTransport, following);
        ActionQueue? line = SessionState.LanguageMode == PSLanguageMode.FullLanguage ? Resources.Actions : null;
        EventSubscription subscription = EventSubscription.Begin(Events, line, CurrentSession!, Client, keys, request);
        Resources.Add(subscription);
        if (Action is not null && !SupportEvent) await Pipeline.WriteObjectAsync(subscription.Subscriber.Action).ConfigureAwait(false);

        // What the script changes next is to be an event, and not taken for the value that was there.
        if (NoInitial) await subscription.Watcher.Ready.ConfigureAwait(false);
    }
}
