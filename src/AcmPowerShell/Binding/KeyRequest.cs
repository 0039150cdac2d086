using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>What a data id and groups ask for: keys by name, and a pattern where there are wildcards.</summary>
internal sealed class KeyRequest
{
    private KeyRequest(List<ConfigKey> keys, KeyPattern? pattern)
    {
        Keys = keys;
        Pattern = pattern;
    }

    internal IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>What to look for in the list; null where all is named.</summary>
    internal KeyPattern? Pattern { get; }

    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/> where a wildcard pattern is none.</exception>
    internal static KeyRequest Of(string dataId, string[] groups)
    {
        if (WildcardPattern.ContainsWildcardCharacters(dataId)) return new KeyRequest([], new KeyPattern([dataId], groups));

        string[] wild = Array.FindAll(groups, WildcardPattern.ContainsWildcardCharacters);
        List<ConfigKey> keys = [.. groups.Where(group => !WildcardPattern.ContainsWildcardCharacters(group)).Select(group => new ConfigKey(dataId, group))];
        return new KeyRequest(keys, wild.Length == 0 ? null : new KeyPattern([dataId], wild));
    }
}
