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

    /// <summary>What the list told of it.</summary>
    internal ConfigMetadata Metadata => AppName.Length == 0 && Type is null ? ConfigMetadata.None : new() { AppName = AppName.Length == 0 ? null : AppName, Type = Type };

    /// <summary>Its type; null where the list does not tell.</summary>
    internal string? Type { get; init; }

    /// <summary>Whether a server listed it, or a snapshot because no server could be reached.</summary>
    public ConfigSource Source { get; init; }

    /// <summary>Group and data id.</summary>
    public ConfigKey Key => new(DataId, Group);

    /// <summary>The key as people write it: <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
