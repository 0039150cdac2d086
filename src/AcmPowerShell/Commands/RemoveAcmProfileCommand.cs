using System.Management.Automation;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Removes profiles and their secrets. Open connections are not affected.</summary>
[Cmdlet(VerbsCommon.Remove, "AcmProfile", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
public sealed class RemoveAcmProfileCommand : PSCmdlet
{
    /// <summary>Names, case-sensitive and with wildcards, or endpoint:namespace. Each profile has its own prompt.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Exact(typeof(string))]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProfileNameCompleter))]
    public string[] Name { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var profiles = new UserProfiles(this);
        foreach (string name in Name)
        {
            ProfileFile file = profiles.Read();
            IReadOnlyList<StoredProfile> found = profiles.Ending(() => ProfilePattern.Match(file, name));
            if (found.Count == 0 && !ProfilePattern.IsPattern(name)) WriteError(ProfileErrors.NotFound(name, file));
            foreach (StoredProfile profile in found)
                if (Confirmation.Ask(this, profile.Name, "Remove profile")) profiles.Update(now => now.Remove(profile.Name));
        }
    }
}
