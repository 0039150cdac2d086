using System.Management.Automation;

namespace AcmShell.Commands;

[Cmdlet(VerbsLifecycle.Unregister, "Event", SupportsShouldProcess = true, DefaultParameterSetName = "BySource")]
internal sealed class UnregisterEventCommand : EventSubscriberCommand
{
    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    public string? SourceIdentifier { get; set; }

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ById")]
    public int SubscriptionId { get; set; } = -1;

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        foreach (PSEventSubscriber subscriber in Find(SourceIdentifier, SubscriptionId, Force))
        {
            if (ShouldProcess($"Event subscription '{subscriber.SourceIdentifier}'", "Unsubscribe")) Events.UnsubscribeEvent(subscriber);
        }
    }
}
