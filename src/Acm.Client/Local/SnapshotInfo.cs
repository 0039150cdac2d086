namespace Acm.Client.Local;

/// <summary>One snapshot of a folder, as it is listed.</summary>
public sealed class SnapshotInfo
{
    /// <summary>The data id; of a damaged snapshot whose names can't be told, the name of its file.</summary>
    public required string DataId { get; init; }

    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>The namespace; empty for the blank one.</summary>
    public required string Namespace { get; init; }

    /// <summary>Whether it answers, tells that there is nothing, or is damaged.</summary>
    public required SnapshotState State { get; init; }

    /// <summary>The text as the server held it, so that an encrypted one is cipher text; null unless it answers.</summary>
    public string? Content { get; init; }

    /// <summary>Size of the content, in bytes; 0 unless it answers.</summary>
    public required int Size { get; init; }

    /// <summary>MD5 of the content in lower-case hex; null unless it answers.</summary>
    public string? Md5 { get; init; }

    /// <summary>Charset of the content; null unless it answers.</summary>
    public string? Charset { get; init; }

    /// <summary>The data key that belongs to the content of an envelope-encrypted configuration; null for all others.</summary>
    public string? EncryptedDataKey { get; init; }

    /// <summary>When it was written, or, for a marker, when a server said that the configuration is gone.</summary>
    public required DateTimeOffset Written { get; init; }

    /// <summary>How long ago that was.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>When the value was last changed on the server; null where that is not known.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Why it is not used, as a sentence; null unless it is damaged.</summary>
    public string? Problem { get; init; }

    /// <summary>The file with the content.</summary>
    public required string Path { get; init; }

    /// <summary>Group and data id.</summary>
    public ConfigKey Key => new(DataId, Group);

    /// <summary>The key as people write it: <c>group/dataId</c>.</summary>
    public override string ToString() => Group + "/" + DataId;
}
