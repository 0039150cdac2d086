namespace Acm.Client.Protocol;

/// <summary>A dialect with servers that may serve content whose publish they rejected.</summary>
internal interface IRefusalCheck
{
    /// <summary>Checks what readers are served after a rejected publish.</summary>
    /// <param name="namespace">The namespace.</param>
    /// <param name="key">The configuration.</param>
    /// <param name="md5">MD5 of the rejected content.</param>
    /// <param name="repairs">Whether to publish the stored value again if readers are served another one.</param>
    ServerOperation<RefusedContent> CheckRefused(string @namespace, ConfigKey key, string md5, bool repairs);
}
