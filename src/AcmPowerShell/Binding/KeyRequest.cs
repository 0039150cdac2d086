using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>What a data id and groups ask for: keys by name, and a pattern where there are wildcards.</summary>
internal sealed class KeyRequest
{
    /// <summary>The groups of a command that was given none. Another array with the same group in it was given.</summary>
    internal static readonly string[] DefaultGroups = [ConfigKey.DefaultGroup];

    private KeyRequest(List<ConfigKey> keys, KeyPattern? pattern)
    {
        Keys = keys;
        Pattern = pattern;
    }

    internal IReadOnlyList<ConfigKey> Keys { get; }

    /// <summary>What to look for in the list; null where all is named.</summary>
    internal KeyPattern? Pattern { get; }

    /// <param name="dataId">A data id, a wildcard, or <c>group/dataId</c>.</param>
    /// <param name="groups">The groups; <see cref="DefaultGroups"/> where they were not given.</param>
    /// <param name="groupOfPattern">The group of a wildcard where none was given.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/> where a wildcard pattern is none.</exception>
    internal static KeyRequest Of(string dataId, string[] groups, string groupOfPattern = ConfigKey.DefaultGroup)
    {
        if (WildcardPattern.ContainsWildcardCharacters(dataId)) return new KeyRequest([], new KeyPattern([dataId], ReferenceEquals(groups, DefaultGroups) ? [groupOfPattern] : groups));
        if (ReferenceEquals(groups, DefaultGroups)) return new KeyRequest([KeyOf(dataId, null)], null);

        string[] wild = Array.FindAll(groups, WildcardPattern.ContainsWildcardCharacters);
        List<ConfigKey> keys = [.. groups.Where(group => !WildcardPattern.ContainsWildcardCharacters(group)).Select(group => KeyOf(dataId, group))];
        return new KeyRequest(keys, wild.Length == 0 ? null : new KeyPattern([dataId], wild));
    }

    /// <summary>The key that a name means: <c>group/dataId</c>, as tables and errors print it, or a data id of the group that was given, else of the default group.</summary>
    internal static ConfigKey KeyOf(string text, string? group)
    {
        int slash = text.IndexOf('/');
        bool isPair = slash > 0 && slash < text.Length - 1 && text.IndexOf('/', slash + 1) < 0;
        return isPair && (group is null || text[..slash] == group) ? new ConfigKey(text[(slash + 1)..], text[..slash]) : new ConfigKey(text, group ?? ConfigKey.DefaultGroup);
    }
}
