namespace Acm.Client.Local;

/// <summary>A configuration as a local file holds it: what a server would have sent, before any decryption.</summary>
internal sealed class StoredConfig
{
    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>The bytes of the file, without a byte order mark.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>MD5 of <see cref="Bytes"/> in lower-case hex.</summary>
    public required string Md5 { get; init; }

    /// <summary>Charset of <see cref="Bytes"/>: <c>GBK</c> or <c>UTF-8</c>.</summary>
    public required string Charset { get; init; }

    /// <summary>What was stored beside the content on the server, as far as that is known.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>When the value was last changed on the server; null where that is not known.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>When the file was written.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>The file.</summary>
    public required string Path { get; init; }
}
