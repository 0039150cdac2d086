namespace Acm.Client.Local;

/// <summary>A snapshot in a list.</summary>
public sealed class SnapshotInfo
{
    /// <summary>Gets the data ID; the file name if the snapshot is damaged and its name unknown.</summary>
    public required string DataId { get; init; }

    /// <summary>Gets the group.</summary>
    public required string Group { get; init; }

    /// <summary>Gets the namespace ID; empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets whether it has a value, marks a removed configuration, or is damaged.</summary>
    public required SnapshotState State { get; init; }

    /// <summary>Gets the content as stored on the server, which may be cipher text; null if it has no value.</summary>
    public string? Content { get; init; }

    /// <summary>Gets the size of the content in bytes; 0 if it has no value.</summary>
    public required int Size { get; init; }

    /// <summary>Gets the MD5 of the content in lower-case hexadecimal; null if it has no value.</summary>
    public string? Md5 { get; init; }

    /// <summary>Gets the charset of the content; null if it has no value.</summary>
    public string? Charset { get; init; }

    /// <summary>Gets the encrypted data key of envelope-encrypted content; null for other content.</summary>
    public string? EncryptedDataKey { get; init; }

    /// <summary>Gets when it was written, or when a server reported that the configuration does not exist.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>Gets the time since <see cref="Written"/>.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>Gets when the value was last changed on the server; null if unknown.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Gets why it is not used, as a sentence; null if it is not damaged.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets the path of the content file.</summary>
    public required string Path { get; init; }

    /// <summary>Gets group and data ID.</summary>
    public ConfigKey Key => new(DataId, Group);

    /// <summary>Returns <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
