using System.Management.Automation;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommon.Remove, "Event", SupportsShouldProcess = true, DefaultParameterSetName = "BySource")]
internal sealed class RemoveEventCommand : PSCmdlet
{
    [Parameter(Position = 0, Mandatory = true, ParameterSetName = "BySource")]
    public string? SourceIdentifier { get; set; }

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ByIdentifier")]
    public int EventIdentifier { get; set; } = -1;

    protected override void ProcessRecord()
    {
        WildcardPattern? wanted = SourceIdentifier is null ? null : WildcardPattern.Get(SourceIdentifier, WildcardOptions.IgnoreCase);
        bool found = false;
        lock (Events.ReceivedEvents.SyncRoot)
        {
            for (int i = Events.ReceivedEvents.Count - 1; i >= 0; i--)
            {
                PSEventArgs waiting = Events.ReceivedEvents[i];
                if (!(wanted?.IsMatch(waiting.SourceIdentifier) ?? waiting.EventIdentifier == EventIdentifier)) continue;

                found = true;
                if (ShouldProcess($"Event '{waiting.SourceIdentifier}'", "Remove")) Events.ReceivedEvents.RemoveAt(i);
            }
        }

        if (found || (SourceIdentifier is not null && WildcardPattern.ContainsWildcardCharacters(SourceIdentifier))) return;
        string name = SourceIdentifier is null ? $"identifier '{EventIdentifier}'" : $"source identifier '{SourceIdentifier}'";
        WriteError(new ErrorRecord(
            new ArgumentException($"Event with {name} does not exist."),
            SourceIdentifier is null ? "INVALID_EVENT_IDENTIFIER" : "INVALID_SOURCE_IDENTIFIER",
            ErrorCategory.InvalidArgument,
            targetObject: null));
    }
}
