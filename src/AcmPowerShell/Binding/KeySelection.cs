using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Selects configurations of a namespace by wildcards, by prefixes, and by piped objects.</summary>
internal sealed class KeySelection
{
    private readonly KeyPattern _pattern;
    private readonly string[] _prefixes;
    private readonly IReadOnlyCollection<ConfigKey>? _piped;
    private readonly string[] _dataIds;
    private readonly string[] _groups;
    private readonly KeyPattern _groupPattern;
    private readonly HashSet<ConfigKey> _named = [];

    /// <summary>Creates a selection.</summary>
    /// <param name="dataIds">Wildcards for data IDs, and names as <c>group/dataId</c>.</param>
    /// <param name="groups">Wildcards for groups.</param>
    /// <param name="prefixes">Prefixes of data IDs. Empty for all.</param>
    /// <param name="piped">The piped keys, or null without piped input.</param>
    /// <exception cref="AcmException">A wildcard pattern is not valid (<see cref="AcmErrorKind.InvalidKey"/>).</exception>
    internal KeySelection(string[] dataIds, string[] groups, string[] prefixes, IReadOnlyCollection<ConfigKey>? piped)
    {
        foreach (string dataId in dataIds.Where(IsPair)) _named.Add(KeyRequest.KeyOf(dataId, group: null));
        _dataIds = Array.FindAll(dataIds, dataId => !IsPair(dataId));
        _pattern = new KeyPattern(_dataIds, groups);
        _groupPattern = new KeyPattern(["*"], groups);
        _groups = groups;
        _prefixes = prefixes;
        _piped = piped;
    }

    internal bool Matches(ConfigKey key) =>
        IsSelected(key)
        && (_prefixes.Length == 0 || Array.Exists(_prefixes, prefix => key.DataId.StartsWith(prefix, StringComparison.Ordinal)))
        && _piped?.Contains(key) != false;

    /// <summary>Returns a filter for the engine, so that servers can preselect.</summary>
    internal ConfigFilter ToFilter() => _named.Count > 0 ? new ConfigFilter { Key = Matches } : _pattern.ToFilter() with { Key = Matches };

    /// <summary>Returns the keys that are selected by name and do not exist. A wildcard without a match is not an error.</summary>
    /// <param name="found">All existing keys that are selected.</param>
    internal IEnumerable<ConfigKey> Missing(IReadOnlyList<ConfigKey> found)
    {
        if (_piped is not null)
        {
            var existing = new HashSet<ConfigKey>(found);
            foreach (ConfigKey key in _piped)
                if (IsSelected(key) && !existing.Contains(key)) yield return key;
            yield break;
        }

        foreach (ConfigKey key in _named)
            if (!found.Contains(key)) yield return key;

        foreach (string dataId in _dataIds)
        {
            if (WildcardPattern.ContainsWildcardCharacters(dataId) || found.Any(key => key.DataId == dataId)) continue;

            yield return new ConfigKey(dataId, _groups.Length == 1 ? _groups[0] : "*");
        }

        // A named group without configurations does not exist.
        if (_prefixes.Length > 0 || Array.IndexOf(_dataIds, "*") < 0) yield break;

        foreach (string group in _groups)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(group) && !found.Any(key => key.Group == group)) yield return new ConfigKey("*", group);
        }
    }

    private static bool IsPair(string dataId) => !WildcardPattern.ContainsWildcardCharacters(dataId) && dataId.IndexOf('/') >= 0;

    private bool IsSelected(ConfigKey key) => _pattern.Matches(key) || (_named.Contains(key) && _groupPattern.Matches(key));

    /// <summary>Returns the key from the DataId and Group properties of an object, or null if it has none.</summary>
    internal static ConfigKey? KeyOf(PSObject item) =>
        item.Properties["DataId"]?.Value?.ToString() is { Length: > 0 } dataId && item.Properties["Group"]?.Value?.ToString() is { Length: > 0 } group
            ? new ConfigKey(dataId, group)
            : null;
}
