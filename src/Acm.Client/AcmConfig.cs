using System.Runtime.CompilerServices;

namespace Acm.Client;

/// <summary>A configuration as it was read, with its source.</summary>
public sealed record AcmConfig
{
    /// <summary>Gets the data ID.</summary>
    public required string DataId { get; init; }

    /// <summary>Gets the group.</summary>
    public required string Group { get; init; }

    /// <summary>Gets the namespace ID; empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets the content as text, decrypted if it is stored encrypted. May be empty; never null.</summary>
    public required string Content { get; init; }

    /// <summary>Gets the MD5 of the transferred bytes in lower-case hexadecimal, as compare-and-swap and long polling use it.</summary>
    public required string Md5 { get; init; }

    /// <summary>Gets the charset of the transferred bytes: <c>gbk</c> or <c>utf-8</c>.</summary>
    public required string Charset { get; init; }

    /// <summary>Gets whether the value comes from a server, the failover folder or a snapshot.</summary>
    public required ConfigSource Source { get; init; }

    /// <summary>Gets the server that answered, as <c>host:port</c>; null for a local file.</summary>
    public string? Server { get; init; }

    /// <summary>Gets when the value was last changed on the server, or when the local file was written; null if unknown.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Gets the user who last changed the value; null if the server did not report one.</summary>
    public string? ModifiedBy { get; init; }

    /// <summary>Gets the IP address from which the value was last changed; null if the server did not report one.</summary>
    public string? ModifiedFrom { get; init; }

    /// <summary>Gets the format of the content, such as <c>yaml</c>; null if the server has or reports none.</summary>
    public string? Type => Metadata.Type;

    /// <summary>Gets the tags, in the server's order; empty if there are none or the server did not report them.</summary>
    public IReadOnlyList<string> Tags => Metadata.Tags is { Length: > 0 } tags ? tags.Split(',') : [];

    /// <summary>Gets the description; null if there is none or the server did not report it.</summary>
    public string? Description => Metadata.Description;

    /// <summary>Gets the application name; null if there is none or the server did not report it.</summary>
    public string? AppName => Metadata.AppName;

    /// <summary>Gets the encrypted data key of envelope-encrypted content; null for other content.</summary>
    public string? EncryptedDataKey
    {
        get => Metadata.EncryptedDataKey;
        init => Metadata = Metadata with { EncryptedDataKey = value };
    }

    /// <summary>Gets a warning about the value: that it is a local copy, may be stale, or is cipher text. Null if there is none.</summary>
    public string? Warning { get; init; }

    /// <summary>Gets the size of the transferred content in bytes.</summary>
    public int Size => RawBytes.Length;

    /// <summary>Gets whether <see cref="Content"/> was decrypted by this client.</summary>
    public bool IsDecrypted => !string.Equals(Content, RawContent, StringComparison.Ordinal);

    /// <summary>Gets group and data ID.</summary>
    public ConfigKey Key => new(DataId, Group);

    // Not public: exports of all properties, such as JSON or CSV, would otherwise contain the content several times.
    internal string RawContent { get; init; } = "";

    internal ReadOnlyMemory<byte> RawBytes { get; init; }

    /// <summary>Returns how another state's metadata differs from this one's, one line per property, such as <c>type: 'text' -&gt; 'yaml'</c>, as far as both are known.</summary>
    /// <param name="wanted">The other state.</param>
    public IReadOnlyList<string> MetadataChangesTo(AcmConfig wanted)
    {
        if (wanted is null) throw new ArgumentNullException(nameof(wanted));
        return [.. wanted.Metadata.ChangesOf(Metadata, HasAllMetadata).Select(change => change.ToString())];
    }

    /// <summary>Gets whether <see cref="Metadata"/> is complete.</summary>
    internal bool HasAllMetadata { get; init; }

    /// <summary>Gets the metadata, as far as the response contained it.</summary>
    internal ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Gets whether the server decrypted the content: it must not be decrypted again or saved as a snapshot.</summary>
    internal bool IsOpen { get; init; }

    /// <summary>Returns the text as stored on the server: cipher text if it is encrypted; otherwise equal to <see cref="Content"/>.</summary>
    public string GetRawContent() => RawContent;

    /// <summary>Returns a copy of the transferred bytes, which <see cref="Md5"/> is computed from.</summary>
    public byte[] GetRawBytes() => RawBytes.ToArray();

    /// <summary>Returns whether both are the same object: two reads are never equal, even with equal values.</summary>
    public bool Equals(AcmConfig? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>Returns a copy with decrypted content, or with the reason why it could not be decrypted.</summary>
    internal AcmConfig With(string content, string? warning) =>
        this with { Content = content, Warning = Warning is null || warning is null ? Warning ?? warning : Warning + " " + warning };

    /// <summary>Returns the content, so that string expansion and text parameters receive it. Use <see cref="Key"/> for the name.</summary>
    public override string ToString() => Content;
}
