namespace Acm.Client.Protocol;

/// <summary>A value as a server returned it.</summary>
internal sealed class ServerValue
{
    public required string Text { get; init; }

    public required byte[] Bytes { get; init; }

    /// <summary>Gets the MD5 of <see cref="Bytes"/> in lower-case hexadecimal.</summary>
    public required string Md5 { get; init; }

    /// <summary>Gets the charset of <see cref="Bytes"/>.</summary>
    public required string Charset { get; init; }

    public required string Server { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Gets the user who last changed it; null if unknown.</summary>
    public string? ModifiedBy { get; init; }

    /// <summary>Gets the IP address from which it was last changed; null if unknown.</summary>
    public string? ModifiedFrom { get; init; }

    /// <summary>Gets whether the server decrypted it for this response: <see cref="Md5"/> is then that of the stored value.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Gets whether <see cref="Metadata"/> is complete.</summary>
    public bool HasAllMetadata { get; init; }

    /// <summary>Gets the metadata in the response.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;
}
