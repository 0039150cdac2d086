using System.Management.Automation;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Which configurations of a namespace are meant: by wildcards of names, by how they begin, and by objects that were piped.</summary>
internal sealed class KeySelection
{
    private readonly KeyPattern _pattern;
    private readonly string[] _prefixes;
    private readonly IReadOnlyCollection<ConfigKey>? _piped;
    private readonly string[] _dataIds;
    private readonly string[] _groups;
    private readonly KeyPattern _groupPattern;
    private readonly HashSet<ConfigKey> _named = [];

    /// <param name="dataIds">Wildcards of data ids, and names as <c>group/dataId</c>.</param>
    /// <param name="groups">Wildcards of groups.</param>
    /// <param name="prefixes">What data ids begin with; none for anything.</param>
    /// <param name="piped">The keys that were piped; null where nothing is.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidKey"/> where a wildcard pattern is none.</exception>
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
        IsMeant(key)
        && (_prefixes.Length == 0 || Array.Exists(_prefixes, prefix => key.DataId.StartsWith(prefix, StringComparison.Ordinal)))
        && _piped?.Contains(key) != false;

    /// <summary>The same as the engine's filter, so that servers can preselect.</summary>
    internal ConfigFilter ToFilter() => _named.Count > 0 ? new ConfigFilter { Key = Matches } : _pattern.ToFilter() with { Key = Matches };

    /// <summary>What is meant by its name and is not there. A wildcard that matches nothing is not an error.</summary>
    /// <param name="found">All that is there and is meant.</param>
    internal IEnumerable<ConfigKey> Missing(IReadOnlyList<ConfigKey> found)
    {
        if (_piped is not null)
        {
            var there = new HashSet<ConfigKey>(found);
            foreach (ConfigKey key in _piped)
                if (IsMeant(key) && !there.Contains(key)) yield return key;
            yield break;
        }

        foreach (ConfigKey key in _named)
            if (!found.Contains(key)) yield return key;

        foreach (string dataId in _dataIds)
        {
            if (WildcardPattern.ContainsWildcardCharacters(dataId) || found.Any(key => key.DataId == dataId)) continue;

            yield return new ConfigKey(dataId, _groups.Length == 1 ? _groups[0] : "*");
        }

        // A group that is named is not there where nothing at all is in it.
        if (_prefixes.Length > 0 || Array.IndexOf(_dataIds, "*") < 0) yield break;

        foreach (string group in _groups)
        {
            if (!WildcardPattern.ContainsWildcardCharacters(group) && !found.Any(key => key.Group == group)) yield return new ConfigKey("*", group);
        }
    }

    private static bool IsPair(string dataId) => !WildcardPattern.ContainsWildcardCharacters(dataId) && dataId.IndexOf('/') >= 0;

    private bool IsMeant(ConfigKey key) => _pattern.Matches(key) || (_named.Contains(key) && _groupPattern.Matches(key));

    /// <summary>The key that an object tells by its data id and group; null where it tells none.</summary>
    internal static ConfigKey? KeyOf(PSObject item) =>
        item.Properties["DataId"]?.Value?.ToString() is { Length: > 0 } dataId && item.Properties["Group"]?.Value?.ToString() is { Length: > 0 } group
            ? new ConfigKey(dataId, group)
            : null;
}
