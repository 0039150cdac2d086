using Acm.Client.Local;
using Acm.Client.Protocol;

namespace Acm.Client.Reading;

/// <summary>Makes what callers see out of what a server or a file holds.</summary>
internal static class ConfigMaker
{
    public static AcmConfig FromServer(string @namespace, ConfigKey key, ServerValue value) => new()
    {
        DataId = key.DataId,
        Group = key.Group,
        Namespace = @namespace,
        Content = value.Text,
        RawContent = value.Text,
        RawBytes = value.Bytes,
        Md5 = value.Md5,
        Charset = value.Charset,
        Source = ConfigSource.Server,
        Server = value.Server,
        LastModified = value.LastModified,
        Metadata = value.Metadata,
    };

    public static AcmConfig FromFile(string @namespace, ConfigKey key, StoredConfig stored, ConfigSource source, string? warning) => new()
    {
        DataId = key.DataId,
        Group = key.Group,
        Namespace = @namespace,
        Content = stored.Text,
        RawContent = stored.Text,
        RawBytes = stored.Bytes,
        Md5 = stored.Md5,
        Charset = stored.Charset,
        Source = source,
        LastModified = stored.LastModified ?? stored.Written,
        Metadata = stored.Metadata,
        Warning = warning,
    };
}
