using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>The keys that a data ID and groups select: by name, and by a pattern if they contain wildcards.</summary>
internal sealed class KeyRequest
{
    /// <summary>The value of -Group if it is not specified. Compared by reference, because the user can specify the same group.</summary>
    internal static readonly string[] DefaultGroups = [ConfigKey.DefaultGroup];

    private KeyRequest(List<ConfigKey> keys, KeyPattern? pattern)
    {
        Keys = keys;
        Pattern = pattern;
    }

    internal IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>Gets the pattern to list, or null if there are no wildcards.</summary>
    internal KeyPattern? Pattern { get; }

    /// <summary>Parses a data ID and groups.</summary>
    /// <param name="dataId">A data ID, a wildcard, or <c>group/dataId</c>.</param>
    /// <param name="groups">The groups, or <see cref="DefaultGroups"/> if they were not specified.</param>
    /// <param name="groupOfPattern">The group for a wildcard if none is specified.</param>
    /// <exception cref="AcmException">A wildcard pattern is not valid (<see cref="AcmErrorKind.InvalidKey"/>).</exception>
    internal static KeyRequest Of(string dataId, string[] groups, string groupOfPattern = ConfigKey.DefaultGroup)
    {
        if (WildcardPattern.ContainsWildcardCharacters(dataId)) return new KeyRequest([], new KeyPattern([dataId], ReferenceEquals(groups, DefaultGroups) ? [groupOfPattern] : groups));
        if (ReferenceEquals(groups, DefaultGroups)) return new KeyRequest([KeyOf(dataId, null)], null);

        string[] wild = Array.FindAll(groups, WildcardPattern.ContainsWildcardCharacters);
        List<ConfigKey> keys = [.. groups.Where(group => !WildcardPattern.ContainsWildcardCharacters(group)).Select(group => KeyOf(dataId, group))];
        return new KeyRequest(keys, wild.Length == 0 ? null : new KeyPattern([dataId], wild));
    }

    /// <summary>Returns the key for a name: <c>group/dataId</c>, as errors show it, or a data ID in the specified or default group.</summary>
    internal static ConfigKey KeyOf(string text, string? group)
    {
        int slash = text.IndexOf('/');
        bool isPair = slash > 0 && slash < text.Length - 1 && text.IndexOf('/', slash + 1) < 0;
        return isPair && (group is null || text[..slash] == group) ? new ConfigKey(text[(slash + 1)..], text[..slash]) : new ConfigKey(text, group ?? ConfigKey.DefaultGroup);
    }
}
