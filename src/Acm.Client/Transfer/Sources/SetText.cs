namespace Acm.Client.Transfer.Sources;

/// <summary>The content of an entry, or the reason why it cannot be read.</summary>
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

    /// <summary>Gets the text; empty if there is an error.</summary>
    public string Content { get; }

    /// <summary>Gets whether the text is cipher text, which is published unchanged.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Gets the metadata, as far as it is known.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Gets whether <see cref="Metadata"/> is complete.</summary>
    public bool HasAllMetadata { get; init; }

    /// <summary>Gets the MD5 of the stored bytes in lower-case hexadecimal; null if it does not come from a server.</summary>
    public string? Md5 { get; init; }

    /// <summary>Returns the options to publish it.</summary>
    /// <param name="ifMatch">The MD5 that the servers' value must still have; null for no precondition.</param>
    /// <param name="createOnly">Whether it must not exist.</param>
    public PublishOptions Publishing(string? ifMatch = null, bool createOnly = false) =>
        new() { Metadata = IsRaw ? Metadata : Metadata with { EncryptedDataKey = null }, IsRaw = IsRaw, IfMatch = ifMatch, CreateOnly = createOnly };

    /// <summary>Gets why it could not be read; null on success.</summary>
    public AcmException? Error { get; }
}
