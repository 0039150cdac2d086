namespace Acm.Client.Local;

/// <summary>A configuration in a local file, as a server would send it, before decryption.</summary>
internal sealed class StoredConfig
{
    /// <summary>Gets the text.</summary>
    public required string Text { get; init; }

    /// <summary>Gets the bytes of the file, without a byte order mark.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Gets the MD5 of <see cref="Bytes"/> in lower-case hexadecimal.</summary>
    public required string Md5 { get; init; }

    /// <summary>Gets the charset of <see cref="Bytes"/>: <c>GBK</c> or <c>UTF-8</c>.</summary>
    public required string Charset { get; init; }

    /// <summary>Gets the metadata on the server, as far as it is known.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Gets when the value was last changed on the server; null if unknown.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Gets when the file was written.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>Gets the path of the file.</summary>
    public required string Path { get; init; }
}
