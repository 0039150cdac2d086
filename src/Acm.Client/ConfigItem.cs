namespace Acm.Client;

/// <summary>A configuration in a list, without its content.</summary>
public sealed class ConfigItem
{
    /// <summary>Gets the data ID.</summary>
    public required string DataId { get; init; }

    /// <summary>Gets the group.</summary>
    public required string Group { get; init; }

    /// <summary>Gets the namespace ID; empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets the application name; empty if there is none.</summary>
    public string AppName { get; init; } = "";

    /// <summary>Gets the format of the content, such as <c>yaml</c>; null if the list does not contain it.</summary>
    public string? Type { get; init; }

    /// <summary>Gets the MD5 of the stored content in lower-case hexadecimal; null if the list does not contain it.</summary>
    public string? Md5 { get; init; }

    /// <summary>Gets whether the item comes from a server, or from a snapshot because no server was reachable.</summary>
    public ConfigSource Source { get; init; }

    /// <summary>Gets group and data ID.</summary>
    public ConfigKey Key => new(DataId, Group);

    /// <summary>Gets the metadata in the list.</summary>
    internal ConfigMetadata Metadata => AppName.Length == 0 && Type is null ? ConfigMetadata.None : new() { AppName = AppName.Length == 0 ? null : AppName, Type = Type };

    /// <summary>Gets the stored content, if it was requested and the list contains it. Not public: exports of a list must not contain contents.</summary>
    internal string? Content { get; init; }

    /// <summary>Gets the server that returned the item, if content was requested.</summary>
    internal string? Server { get; init; }

    /// <summary>Returns <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
