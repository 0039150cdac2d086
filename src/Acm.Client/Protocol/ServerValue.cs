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

    /// <summary>What the server told of it.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;
}
