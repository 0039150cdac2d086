namespace Acm.Client.Protocol;

/// <summary>What is to be stored of one configuration.</summary>
/// <param name="Key">Which.</param>
/// <param name="Content">The bytes to store.</param>
/// <param name="Metadata">What is to be stored beside it. What is not given stays: where a server would reset it, the dialect reads it first.</param>
/// <param name="Condition">What has to hold for it to be stored.</param>
internal sealed record PublishRequest(ConfigKey Key, byte[] Content, ConfigMetadata Metadata, PublishCondition Condition = default)
{
    /// <summary>What was sent in the end: what is given, and what stays. Null until then, and where a dialect keeps nothing.</summary>
    public ConfigMetadata? Sent { get; set; }
}
