using Acm.Client.Text;

namespace Acm.Client;

/// <summary>
/// Selects configurations of a list. All specified properties must match; of several values of one property, one must match. Servers preselect only where their matching cannot miss
/// anything, and the client filters the rest, so the result does not depend on the server's version or database.
/// </summary>
public sealed record ConfigFilter
{
    /// <summary>Gets the filter that selects all configurations.</summary>
    public static ConfigFilter All { get; } = new();

    /// <summary>Gets the case-sensitive pattern of data IDs: <c>*</c> matches any text, <c>?</c> one character; null for all.</summary>
    public string? DataId { get; init; }

    /// <summary>Gets the pattern of groups, like <see cref="DataId"/>; null for all.</summary>
    public string? Group { get; init; }

    /// <summary>Gets an additional condition on the name; null for none.</summary>
    public Func<ConfigKey, bool>? Key { get; init; }

    /// <summary>Gets the content formats, such as <c>yaml</c>, case-insensitive; empty for all. Only Nacos servers store them.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Gets the tags, without commas; empty for all. Only Nacos servers store them, and their database decides whether they are case-sensitive.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Gets the application names, case-sensitive; empty for all.</summary>
    public IReadOnlyList<string> AppNames { get; init; } = [];

    /// <summary>Gets whether to keep content that servers send with the list, for <see cref="AcmClient.GetListedAsync"/>.</summary>
    public bool WithContent { get; init; }

    /// <summary>Gets whether the filter uses metadata.</summary>
    internal bool HasMetadata => Types.Count + Tags.Count + AppNames.Count > 0;

    /// <summary>Returns whether an item matches. Tags are not compared, because lists do not contain them.</summary>
    internal bool Matches(ConfigItem item) =>
        Matches(item.Key)
        && (Types.Count == 0 || Types.Contains(item.Type, StringComparer.OrdinalIgnoreCase))
        && (AppNames.Count == 0 || AppNames.Contains(item.AppName, StringComparer.Ordinal));

    /// <summary>Returns whether a name matches.</summary>
    internal bool Matches(ConfigKey key) =>
        (DataId is null || NamePattern.Matches(DataId, key.DataId)) && (Group is null || NamePattern.Matches(Group, key.Group)) && Key?.Invoke(key) != false;
}
