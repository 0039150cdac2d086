namespace Acm.Server.Storage;

/// <summary>The metadata of a configuration; null for values that were never set, which each dialect shows in its own way.</summary>
internal sealed record ConfigMetadata
{
    public static ConfigMetadata None { get; } = new();

    public string AppName { get; init; } = "";

    public string? EncryptedDataKey { get; init; }

    public string? Type { get; init; }

    /// <summary>Gets the tags, separated by commas.</summary>
    public string? Tags { get; init; }

    public string? Description { get; init; }

    public string? Use { get; init; }

    public string? Effect { get; init; }

    public string? Schema { get; init; }

    /// <summary>Returns the shared instance for empty metadata.</summary>
    public ConfigMetadata Shared() => this == None ? None : this;
}
