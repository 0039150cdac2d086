using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Gets profiles, and says which is the default one and which this runspace is connected by. Shows no secret.</summary>
[Cmdlet(VerbsCommon.Get, "AcmProfile")]
[OutputType(typeof(AcmProfile))]
public sealed class GetAcmProfileCommand : PSCmdlet
{
    private ProfileFile? _file;

    /// <summary>Names, wildcards allowed, or endpoint:namespace; by default all. Case-sensitive.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Exact(typeof(string))]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var profiles = new UserProfiles(this);
        _file ??= profiles.Read();
        AcmSession? current = RunspaceResources.Of(Runspace.DefaultRunspace).Current;
        foreach (string name in Name)
        {
            IReadOnlyList<StoredProfile> found = profiles.Ending(() => ProfilePattern.Match(_file, name));
            if (found.Count == 0 && !ProfilePattern.IsPattern(name)) WriteError(ProfileErrors.NotFound(name, _file));
            foreach (StoredProfile profile in found) WriteObject(profiles.Ending(() => new AcmProfile(profile, _file.Default, current)));
        }
    }
}
