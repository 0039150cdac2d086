using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// The part of a filter that a server can apply without missing a match. In a pattern search, <c>_</c> is a wildcard, even in the namespace, and the database decides about case; in an exact
/// search there are no wildcards. The server may return too many items, except for the namespace, whose ID must not contain wildcards.
/// </summary>
internal sealed record NacosSearch
{
    /// <summary>The search without restrictions.</summary>
    public static readonly NacosSearch All = new();

    private NacosSearch()
    {
    }

    /// <summary>Gets whether names are patterns.</summary>
    public bool IsPattern { get; private init; }

    public string? DataId { get; private init; }

    public string? Group { get; private init; }

    public string? AppName { get; private init; }

    public string? Tag { get; private init; }

    /// <summary>Gets the types, separated by commas.</summary>
    public string? Types { get; private init; }

    public static NacosSearch Of(ConfigFilter filter, NacosServer server, string @namespace)
    {
        string? dataId = Sendable(filter.DataId);
        string? group = Sendable(filter.Group);
        bool hasPattern = IsPatternText(dataId) || IsPatternText(group);
        bool wantsTypes = filter.Types.Count > 0;

        // In a pattern search, an underscore in a tag would be a wildcard, and lists contain no tags to filter by.
        bool isPattern = (hasPattern || wantsTypes) && filter.Tags.Count == 0 && @namespace.IndexOf('_') < 0 && (!wantsTypes || server.ListsTypes);
        return new NacosSearch
        {
            IsPattern = isPattern,
            DataId = isPattern ? Term(dataId) : Exact(dataId),
            Group = isPattern ? Term(group) : Exact(group),
            AppName = filter.AppNames.Count == 1 ? filter.AppNames[0] : null,
            Tag = filter.Tags.Count == 0 ? null : filter.Tags[0],
            Types = isPattern && wantsTypes ? string.Join(",", filter.Types).ToLowerInvariant() : null,
        };
    }

    /// <summary>Returns a name that servers accept in a search; null to search for all.</summary>
    private static string? Sendable(string? name) =>
        name is null || name.Length is 0 or > NacosLimits.DataId || name.Trim('*').Length == 0 || !name.All(c => c < 128 && (char.IsLetterOrDigit(c) || "_-.:*?".IndexOf(c) >= 0)) ? null : name;

    private static bool IsPatternText(string? name) => name is not null && NamePattern.HasWildcards(name);

    /// <summary>Converts the wildcard for one character, which is an underscore on the server.</summary>
    private static string? Term(string? name) => name?.Replace('?', '_');

    private static string? Exact(string? name) => IsPatternText(name) ? null : name;
}
