namespace Acm.Client;

/// <summary>
/// The name of a configuration within a namespace: group and data id. Compared ordinally, as the servers do.
/// </summary>
public sealed class ConfigKey : IEquatable<ConfigKey>
{
    /// <summary>The group of a configuration whose group was not given: <c>DEFAULT_GROUP</c>.</summary>
    public const string DefaultGroup = "DEFAULT_GROUP";

    /// <summary>
    /// Names a configuration. The names are taken as they are; each call of <see cref="AcmClient"/> checks them
    /// against the rules of its protocol (<see cref="AcmErrorKind.InvalidKey"/>).
    /// </summary>
    /// <param name="dataId">The data id.</param>
    /// <param name="group">The group.</param>
    public ConfigKey(string dataId, string group = DefaultGroup)
    {
        DataId = dataId ?? throw new ArgumentNullException(nameof(dataId));
        Group = group ?? throw new ArgumentNullException(nameof(group));
    }

    /// <summary>The data id.</summary>
    public string DataId { get; }

    /// <summary>The group.</summary>
    public string Group { get; }

    /// <inheritdoc/>
    public bool Equals(ConfigKey? other) =>
        other is not null
        && string.Equals(DataId, other.DataId, StringComparison.Ordinal)
        && string.Equals(Group, other.Group, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ConfigKey);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((StringComparer.Ordinal.GetHashCode(DataId) * 397) ^ StringComparer.Ordinal.GetHashCode(Group));

    /// <summary>The key as people write it: <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
