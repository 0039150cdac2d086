using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace AcmPowerShell;

/// <summary>Connects by a profile and has this runspace use the connection. Sends nothing, as Connect-Acm.</summary>
[Cmdlet(VerbsOther.Use, "AcmProfile")]
[OutputType(typeof(AcmSession))]
public sealed class UseAcmProfileCommand : PSCmdlet
{
    /// <summary>Name of the profile, or endpoint:namespace; by default the default profile. Case-sensitive.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Exact(typeof(string))]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string? Name { get; set; }

    /// <summary>Make it the default profile as well, in this and in later sessions.</summary>
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
