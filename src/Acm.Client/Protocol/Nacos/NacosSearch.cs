using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// What of a filter a server can preselect without leaving out anything that is wanted. By pattern, <c>_</c> is a wildcard, in the namespace too, and case counts or not with the
/// database; by name, patterns are no patterns. Each of these sends more than is wanted at most, but for the namespace, whose name then has to be free of wildcards.
/// </summary>
internal sealed record NacosSearch
{
    /// <summary>Everything.</summary>
    public static readonly NacosSearch All = new();

    private NacosSearch()
    {
    }

    /// <summary>Whether names are patterns; else they are equal.</summary>
    public bool IsPattern { get; private init; }

    public string? DataId { get; private init; }

    public string? Group { get; private init; }

    public string? AppName { get; private init; }

    public string? Tag { get; private init; }

    /// <summary>Types, separated by commas.</summary>
    public string? Types { get; private init; }

    public static NacosSearch Of(ConfigFilter filter, NacosServer server, string @namespace)
    {
        string? dataId = Sendable(filter.DataId);
        string? group = Sendable(filter.Group);
        bool hasPattern = IsPatternText(dataId) || IsPatternText(group);
        bool wantsTypes = filter.Types.Count > 0;

        // By pattern, a tag with an underline would be one as well, and no list shows tags by which the rest could be told apart.
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

    /// <summary>A name that the servers' filter of characters lets through; null where all are wanted.</summary>
    private static string? Sendable(string? name) =>
        name is null || name.Length is 0 or > NacosLimits.DataId || name.Trim('*').Length == 0 || !name.All(c => c < 128 && (char.IsLetterOrDigit(c) || "_-.:*?".IndexOf(c) >= 0)) ? null : name;

    private static bool IsPatternText(string? name) => name is not null && NamePattern.HasWildcards(name);

    /// <summary>One character is an underline to the servers.</summary>
    private static string? Term(string? name) => name?.Replace('?', '_');

    private static string? Exact(string? name) => IsPatternText(name) ? null : name;
}
