using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// Raises PowerShell events for changes of configurations. A call creates one subscription for all its keys.
/// </summary>
[Cmdlet(VerbsLifecycle.Register, "AcmWatcher")]
[OutputType(typeof(PSEventJob))]
public sealed class RegisterAcmWatcherCommand : WatchingCmdlet
{
    /// <summary>Name of the subscription and of its events. Defaults to a new GUID.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SourceIdentifier { get; set; }

    /// <summary>Script block to run for each event; its output goes to the returned job. Without it, events are queued in the session.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? Action { get; set; }

    /// <summary>Data for $Event.MessageData.</summary>
    [Parameter]
    public PSObject? MessageData { get; set; }

    /// <summary>Hide the subscription from Get-EventSubscriber without -Force, and return no job.</summary>
    [Parameter]
    public SwitchParameter SupportEvent { get; set; }

    /// <summary>Send the events to the session at the other end of a remote connection.</summary>
    [Parameter]
    public SwitchParameter Forward { get; set; }

    /// <summary>Remove the subscription after this many events. Defaults to 0, which is unlimited.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MaxTriggerCount { get; set; }

    /// <summary>Do not raise events for the initial values.</summary>
    [Parameter]
    public SwitchParameter NoInitial { get; set; }

    private protected override void Prepare()
    {
        base.Prepare();
        if (Forward && Action is not null)
        {
            ThrowTerminatingError(AcmErrors.InvalidParameter(
                "-Action and -Forward cannot be combined: an event is either handled here or forwarded.", nameof(Forward)));
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

    // Subscriptions must be created on the pipeline thread.
    private protected override async Task WatchAsync(IReadOnlyList<ConfigKey> keys, PatternFollowing following, CancellationToken cancellationToken)
    {
        var request = new WatcherRequest(SourceIdentifier ?? Guid.NewGuid().ToString(), Action, MessageData, SupportEvent, Forward, MaxTriggerCount, NoInitial, WatchTransport, following);
        ActionQueue? actions = SessionState.LanguageMode == PSLanguageMode.FullLanguage ? Resources.Actions : null;
        EventSubscription subscription = EventSubscription.Begin(Events, actions, CurrentSession!, Client, keys, request);
        Resources.Add(subscription);
        if (Action is not null && !SupportEvent) await Pipeline.WriteObjectAsync(subscription.Subscriber.Action).ConfigureAwait(false);

        // Wait for the initial values, so that a change by the next statement raises an event.
        if (NoInitial) await subscription.Watcher.Ready.ConfigureAwait(false);
    }
}
