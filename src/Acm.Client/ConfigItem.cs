namespace Acm.Client;

/// <summary>A configuration as a list names it: without its content.</summary>
public sealed class ConfigItem
{
    /// <summary>The data id.</summary>
    public required string DataId { get; init; }

    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>The namespace; empty for the blank one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The application's name that was given when it was published; empty where none was.</summary>
    public string AppName { get; init; } = "";

    /// <summary>Format of the content, as <c>yaml</c>; null where the list does not tell.</summary>
    public string? Type { get; init; }

    /// <summary>MD5 of the stored content in lower-case hex; null where the list does not tell.</summary>
    public string? Md5 { get; init; }

    /// <summary>Whether a server listed it, or a snapshot because no server could be reached.</summary>
    public ConfigSource Source { get; init; }

    /// <summary>Group and data id.</summary>
    public ConfigKey Key => new(DataId, Group);

    /// <summary>What the list told of it.</summary>
    internal ConfigMetadata Metadata => AppName.Length == 0 && Type is null ? ConfigMetadata.None : new() { AppName = AppName.Length == 0 ? null : AppName, Type = Type };

    /// <summary>The stored content, where the list has it and it was asked for. Not a public property: whoever writes all properties of a list down would not expect contents there.</summary>
    internal string? Content { get; init; }

    /// <summary>The server that listed it, where its content was asked for.</summary>
    internal string? Server { get; init; }

    /// <summary>The key as people write it: <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
