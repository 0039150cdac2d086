using System.Management.Automation;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommon.Get, "EventSubscriber", DefaultParameterSetName = "BySource")]
[OutputType(typeof(PSEventSubscriber))]
internal sealed class GetEventSubscriberCommand : EventSubscriberCommand
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    [ValidateNotNullOrEmpty]
    public string? SourceIdentifier { get; set; }

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ById")]
    [Alias("Id")]
    public int SubscriptionId { get; set; } = -1;

    [Parameter(Position = 1)]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord() => WriteObject(Find(SourceIdentifier, SubscriptionId, Force), enumerateCollection: true);
}
