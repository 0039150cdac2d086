using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Gets profiles without their secrets, and marks the default one and the one in use.</summary>
[Cmdlet(VerbsCommon.Get, "AcmProfile")]
[OutputType(typeof(AcmProfile))]
public sealed class GetAcmProfileCommand : PSCmdlet
{
    private ProfileFile? _file;

    /// <summary>Names, case-sensitive and with wildcards, or endpoint:namespace. Defaults to all.</summary>
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
