using System.Management.Automation;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>What can be wrong with the name of a profile that is to be used.</summary>
internal static class ProfileErrors
{
    private const int MostNames = 10;

    internal static ErrorRecord NotFound(string name, ProfileFile file)
    {
        StoredProfile? other = file.Profiles.FirstOrDefault(profile => string.Equals(profile.Name, name, StringComparison.OrdinalIgnoreCase));
        return Record($"There is no profile '{name}'. {(other is null ? Listing(file) : $"Names are case-sensitive, and there is '{other.Name}'.")}", name);
    }

    internal static ErrorRecord NoDefault(ProfileFile file) => Record($"No profile is the default one: name one. {Listing(file)}", null);

    internal static ErrorRecord Ambiguous(string name, IEnumerable<StoredProfile> found) =>
        AcmErrors.InvalidParameter($"'{name}' is what several profiles reach: {string.Join(", ", found)}. Name one of them.", "Name", name);

    private static ErrorRecord Record(string message, string? name) =>
        new(new ItemNotFoundException(message), "AcmProfileNotFound", ErrorCategory.ObjectNotFound, name)
        {
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = "Get-AcmProfile lists the profiles, Add-AcmProfile adds one." },
        };

    private static string Listing(ProfileFile file) => file.Profiles.Count switch
    {
        0 => "There are none yet; Add-AcmProfile adds one.",
        <= MostNames => $"There are: {string.Join(", ", file.Profiles)}.",
        _ => "Get-AcmProfile lists them.",
    };
}
