using Acm.Client.Local;
using Acm.Client.Protocol;

namespace Acm.Client.Reading;

/// <summary>Creates <see cref="AcmConfig"/> objects from server responses, list items and files.</summary>
internal static class ConfigFactory
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
        ModifiedBy = value.ModifiedBy,
        ModifiedFrom = value.ModifiedFrom,
        IsOpen = value.IsOpen,
        HasAllMetadata = value.HasAllMetadata,
        Metadata = value.Metadata,
    };

    /// <summary>Creates a configuration from a list item that has its content.</summary>
    public static AcmConfig FromList(ConfigItem item, IConfigProtocol protocol) => FromServer(item.Namespace, item.Key, new ServerValue
    {
        Text = item.Content!,
        Bytes = protocol.EncodeContent(item.Content!),
        Md5 = item.Md5!,
        Charset = protocol.ContentCharset,
        Server = item.Server!,
        Metadata = item.Metadata,
    });

    public static AcmConfig FromFile(string @namespace, ConfigKey key, StoredConfig stored, ConfigSource source, string? warning) => FromServer(@namespace, key, new ServerValue
    {
        Text = stored.Text,
        Bytes = stored.Bytes,
        Md5 = stored.Md5,
        Charset = stored.Charset,
        Server = "",
        LastModified = stored.LastModified ?? stored.Written,
        Metadata = stored.Metadata,
    }) with { Source = source, Server = null, Warning = warning };
}
