using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace AcmShell.Commands;

/// <summary>All but the name is the engine's.</summary>
[Cmdlet(VerbsLifecycle.Register, "EngineEvent")]
[OutputType(typeof(PSEventJob))]
internal sealed class RegisterEngineEventCommand : ObjectEventRegistrationBase
{
    [Parameter(Mandatory = true, Position = 100)]
    public new string SourceIdentifier
    {
        get => base.SourceIdentifier;
        set => base.SourceIdentifier = value;
    }

    protected override object? GetSourceObject()
    {
        if (Action is null && !Forward)
        {
            ThrowTerminatingError(new ErrorRecord(
                new ArgumentException("The action must be specified for non-forwarded events."),
                "ACTION_MANDATORY_FOR_LOCAL",
                ErrorCategory.InvalidArgument,
                targetObject: null));
        }

        return null;
    }

    protected override string? GetSourceObjectEventName() => null;
}
