using System.Management.Automation;

namespace AcmShell.Commands;

[Cmdlet(VerbsCommon.Get, "Event", DefaultParameterSetName = "BySource")]
[OutputType(typeof(PSEventArgs))]
internal sealed class GetEventCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = "BySource")]
    [ValidateNotNullOrEmpty]
    public string SourceIdentifier { get; set; } = "*";

    [Parameter(Position = 0, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "ById")]
    [Alias("Id")]
    public int EventIdentifier { get; set; } = -1;

    protected override void EndProcessing()
    {
        WildcardPattern wanted = WildcardPattern.Get(SourceIdentifier, WildcardOptions.IgnoreCase);
        List<PSEventArgs> found;
        lock (Events.ReceivedEvents.SyncRoot)
        {
            found = [.. Events.ReceivedEvents.Where(e => EventIdentifier >= 0 ? e.EventIdentifier == EventIdentifier : wanted.IsMatch(e.SourceIdentifier))];
        }

        WriteObject(found, enumerateCollection: true);
        if (found.Count > 0 || (EventIdentifier < 0 && WildcardPattern.ContainsWildcardCharacters(SourceIdentifier))) return;
        string name = EventIdentifier >= 0 ? $"identifier {EventIdentifier}" : $"source identifier '{SourceIdentifier}'";
        WriteError(new ErrorRecord(
            new ArgumentException($"Event with {name} does not exist."), "INVALID_SOURCE_IDENTIFIER", ErrorCategory.InvalidArgument, targetObject: null));
    }
}
