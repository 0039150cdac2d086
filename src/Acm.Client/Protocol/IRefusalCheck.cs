namespace Acm.Client.Protocol;

/// <summary>A dialect with servers that may serve content whose publish they refused.</summary>
internal interface IRefusalCheck
{
    /// <summary>Looks at what readers are served after a publish was refused.</summary>
    /// <param name="namespace">Where.</param>
    /// <param name="key">Which.</param>
    /// <param name="md5">MD5 of the content that was refused.</param>
    /// <param name="repairs">Whether to publish what is stored once more where readers are served something else.</param>
    ServerOperation<RefusedContent> CheckRefused(string @namespace, ConfigKey key, string md5, bool repairs);
}
