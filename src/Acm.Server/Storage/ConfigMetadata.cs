namespace Acm.Server.Storage;

/// <summary>What a configuration carries beside its content. Null is what was never said; dialects show it in their own ways.</summary>
internal sealed record ConfigMetadata
{
    public static ConfigMetadata None { get; } = new();

    public string AppName { get; init; } = "";

    public string? EncryptedDataKey { get; init; }

    public string? Type { get; init; }

    /// <summary>Joined by commas.</summary>
    public string? Tags { get; init; }

    public string? Description { get; init; }

    public string? Use { get; init; }

    public string? Effect { get; init; }

    public string? Schema { get; init; }

    /// <summary>One instance for the many that say nothing.</summary>
    public ConfigMetadata Shared() => this == None ? None : this;
}
