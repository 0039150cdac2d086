namespace Acm.Client.Transfer.Sources;

/// <summary>The content of an entry, or why there is none.</summary>
internal sealed class SetText
{
    public SetText(SetEntry entry, string content)
    {
        Entry = entry;
        Content = content;
    }

    public SetText(SetEntry entry, AcmException error)
    {
        Entry = entry;
        Error = error;
        Content = "";
    }

    public SetEntry Entry { get; }

    /// <summary>The text; empty where there is an error.</summary>
    public string Content { get; }

    /// <summary>Whether the text is cipher text as servers hold it, which is published as it is.</summary>
    public bool IsRaw { get; init; }

    /// <summary>What is stored beside it, as far as that is known.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Whether <see cref="Metadata"/> is all that is stored beside it.</summary>
    public bool HasAllMetadata { get; init; }

    /// <summary>MD5 of the bytes that the servers hold, in lower-case hex; null where it is no server's.</summary>
    public string? Md5 { get; init; }

    /// <summary>How it is published.</summary>
    /// <param name="ifMatch">MD5 that the servers' value must still have; null for no condition.</param>
    /// <param name="createOnly">Whether there must still be none.</param>
    public PublishOptions Publishing(string? ifMatch = null, bool createOnly = false) =>
        new() { Metadata = IsRaw ? Metadata : Metadata with { EncryptedDataKey = null }, IsRaw = IsRaw, IfMatch = ifMatch, CreateOnly = createOnly };

    /// <summary>Why it could not be read; null where it could.</summary>
    public AcmException? Error { get; }
}
