namespace Acm.Client.Protocol;

/// <summary>A configuration's value as a server gave it.</summary>
internal sealed class ServerValue
{
    public required string Text { get; init; }

    public required byte[] Bytes { get; init; }

    /// <summary>MD5 of <see cref="Bytes"/>, lower-case hex.</summary>
    public required string Md5 { get; init; }

    /// <summary>Charset of <see cref="Bytes"/>, as a web name.</summary>
    public required string Charset { get; init; }

    public required string Server { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Who wrote it last, as the server noted it; null where that is not known.</summary>
    public string? ModifiedBy { get; init; }

    /// <summary>The address from which it was written last; null where that is not known.</summary>
    public string? ModifiedFrom { get; init; }

    /// <summary>Whether the server holds it encrypted and decrypted it for this answer: <see cref="Md5"/> is then that of what is stored.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether <see cref="Metadata"/> is all that is stored: what it lacks is not there.</summary>
    public bool HasAllMetadata { get; init; }

    /// <summary>What the server told of it.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;
}
