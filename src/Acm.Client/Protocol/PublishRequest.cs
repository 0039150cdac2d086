namespace Acm.Client.Protocol;

/// <summary>A configuration to publish.</summary>
/// <param name="Key">The configuration.</param>
/// <param name="Content">The encoded content.</param>
/// <param name="Metadata">The metadata. Unspecified properties keep their values: if a server would reset them, the dialect reads them first.</param>
/// <param name="Condition">The precondition.</param>
internal sealed record PublishRequest(ConfigKey Key, byte[] Content, ConfigMetadata Metadata, PublishCondition Condition = default)
{
    /// <summary>Gets or sets the metadata that was sent, including kept properties. Null until then, and for dialects that keep none.</summary>
    public ConfigMetadata? Sent { get; set; }
}
