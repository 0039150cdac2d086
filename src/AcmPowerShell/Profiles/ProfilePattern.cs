using System.Management.Automation;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Selects profiles by name, by endpoint:namespace or by wildcard.</summary>
internal static class ProfilePattern
{
    internal static bool IsPattern(string name) => name.IndexOfAny(['*', '?']) >= 0;

    /// <summary>Returns the matching profiles, sorted by name. Brackets are not wildcards, because <c>[default]</c> is a name.</summary>
    internal static IReadOnlyList<StoredProfile> Match(ProfileFile file, string name)
    {
        if (!IsPattern(name)) return file.Resolve(name);

        WildcardPattern pattern = WildcardPattern.Get(name.Replace("[", "`[").Replace("]", "`]"), WildcardOptions.CultureInvariant);
        return [.. file.Profiles.Where(profile => pattern.IsMatch(profile.Name)).OrderBy(profile => profile.Name, StringComparer.Ordinal)];
    }
}
