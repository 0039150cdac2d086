using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AcmPowerShell;

/// <summary>Connects with a profile and makes the connection the default of this runspace. Sends no request, like Connect-Acm.</summary>
[Cmdlet(VerbsOther.Use, "AcmProfile")]
[OutputType(typeof(AcmSession))]
public sealed class UseAcmProfileCommand : PSCmdlet
{
    /// <summary>Name of the profile, case-sensitive, or endpoint:namespace. Defaults to the default profile.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Exact(typeof(string))]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Also make it the default profile of this and later sessions.</summary>
    [Parameter]
    public SwitchParameter Default { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var profiles = new UserProfiles(this);
        ConnectionSettings settings = profiles.Connection(Name);
        AcmSession session = settings.OpenFor(this);
        if (Default) profiles.Update(file => file.Default = settings.Profile);
        RunspaceResources.Of(Runspace.DefaultRunspace).Add(session);
        WriteObject(session);
    }
}
