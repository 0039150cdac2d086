using Acm.Client.Text;

namespace Acm.Client;

/// <summary>
/// Selects the configurations of a list. Everything that is given has to hold; of several values of one property, one has to. Servers preselect where their own comparison leaves nothing
/// out, and the rest is compared here, so that the result does not depend on the server's version or database.
/// </summary>
public sealed record ConfigFilter
{
    /// <summary>All configurations.</summary>
    public static ConfigFilter All { get; } = new();

    /// <summary>Pattern of the data IDs, case-sensitive: <c>*</c> is any text, <c>?</c> one character; null for all.</summary>
    public string? DataId { get; init; }

    /// <summary>Pattern of the groups, as <see cref="DataId"/>; null for all.</summary>
    public string? Group { get; init; }

    /// <summary>A further condition on the name; null for none.</summary>
    public Func<ConfigKey, bool>? Key { get; init; }

    /// <summary>Formats of the content, as <c>yaml</c>, in any case; empty for all. Only Nacos servers store them.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>Tags, each without a comma; empty for all. Only Nacos servers store them. The database of the server decides whether case counts.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Application names, case-sensitive; empty for all.</summary>
    public IReadOnlyList<string> AppNames { get; init; } = [];

    /// <summary>Whether to keep the contents where the servers send them with the list anyway, for <see cref="AcmClient.GetListedAsync"/>.</summary>
    public bool WithContent { get; init; }

    /// <summary>Whether metadata is compared.</summary>
    internal bool HasMetadata => Types.Count + Tags.Count + AppNames.Count > 0;

    /// <summary>Whether a listed configuration is selected. No list shows tags: these are not compared.</summary>
    internal bool Matches(ConfigItem item) =>
        Matches(item.Key)
        && (Types.Count == 0 || Types.Contains(item.Type, StringComparer.OrdinalIgnoreCase))
        && (AppNames.Count == 0 || AppNames.Contains(item.AppName, StringComparer.Ordinal));

    /// <summary>Whether a name is selected.</summary>
    internal bool Matches(ConfigKey key) =>
        (DataId is null || NamePattern.Matches(DataId, key.DataId)) && (Group is null || NamePattern.Matches(Group, key.Group)) && Key?.Invoke(key) != false;
}
