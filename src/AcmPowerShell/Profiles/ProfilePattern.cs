using System.Management.Automation;
using Acm.Client.Profiles;

namespace AcmPowerShell;

/// <summary>Profiles by name, by endpoint:namespace or by wildcard.</summary>
internal static class ProfilePattern
{
    internal static bool IsPattern(string name) => name.IndexOfAny(['*', '?']) >= 0;

    /// <summary>The profiles that are meant, in the order of their names. A bracket alone is not a wildcard: <c>[default]</c> is a name.</summary>
    internal static IReadOnlyList<StoredProfile> Match(ProfileFile file, string name)
    {
        if (!IsPattern(name)) return file.Resolve(name);

        WildcardPattern pattern = WildcardPattern.Get(name.Replace("[", "`[").Replace("]", "`]"), WildcardOptions.CultureInvariant);
        return [.. file.Profiles.Where(profile => pattern.IsMatch(profile.Name)).OrderBy(profile => profile.Name, StringComparer.Ordinal)];
    }
}
