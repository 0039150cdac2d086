namespace Acm.Client;

/// <summary>
/// The name of a configuration within a namespace: group and data ID. Case-sensitive.
/// </summary>
public sealed class ConfigKey : IEquatable<ConfigKey>
{
    /// <summary>The default group: <c>DEFAULT_GROUP</c>.</summary>
    public const string DefaultGroup = "DEFAULT_GROUP";

    /// <summary>
    /// Creates a key. The names are not validated here; each method of <see cref="AcmClient"/> validates them
    /// by the rules of its protocol (<see cref="AcmErrorKind.InvalidKey"/>).
    /// </summary>
    /// <param name="dataId">The data ID.</param>
    /// <param name="group">The group.</param>
    public ConfigKey(string dataId, string group = DefaultGroup)
    {
        DataId = dataId ?? throw new ArgumentNullException(nameof(dataId));
        Group = group ?? throw new ArgumentNullException(nameof(group));
    }

    /// <summary>Gets the data ID.</summary>
    public string DataId { get; }

    /// <summary>Gets the group.</summary>
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

    /// <summary>Returns <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
