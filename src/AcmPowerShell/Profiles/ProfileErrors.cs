using System.Management.Automation;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Errors about the name of a profile.</summary>
internal static class ProfileErrors
{
    private const int MaxNames = 10;

    internal static ErrorRecord NotFound(string name, ProfileFile file)
    {
        StoredProfile? other = file.Profiles.FirstOrDefault(profile => string.Equals(profile.Name, name, StringComparison.OrdinalIgnoreCase));
        return Record($"The profile '{name}' was not found. {(other is null ? Listing(file) : $"Names are case-sensitive; '{other.Name}' exists.")}", name);
    }

    internal static ErrorRecord NoDefault(ProfileFile file) => Record($"No default profile is set. Specify a profile. {Listing(file)}", null);

    internal static ErrorRecord Ambiguous(string name, IEnumerable<StoredProfile> found) =>
        AcmErrors.InvalidParameter($"Several profiles use '{name}': {string.Join(", ", found)}. Specify one of them.", "Name", name);

    private static ErrorRecord Record(string message, string? name) =>
        new(new ItemNotFoundException(message), "AcmProfileNotFound", ErrorCategory.ObjectNotFound, name)
        {
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = "Run Get-AcmProfile to list the profiles, Add-AcmProfile to add one." },
        };

    private static string Listing(ProfileFile file) => file.Profiles.Count switch
    {
        0 => "No profiles exist. Run Add-AcmProfile to add one.",
        <= MaxNames => $"Profiles: {string.Join(", ", file.Profiles)}.",
        _ => "Run Get-AcmProfile to list the profiles.",
    };
}
