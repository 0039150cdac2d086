using System.Runtime.CompilerServices;

namespace Acm.Client;

/// <summary>One configuration as it was read, with where it came from.</summary>
public sealed record AcmConfig
{
    /// <summary>The data id.</summary>
    public required string DataId { get; init; }

    /// <summary>The group.</summary>
    public required string Group { get; init; }

    /// <summary>The namespace; empty for the blank one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The content as text, decrypted where it was encrypted. May be empty, is never null.</summary>
    public required string Content { get; init; }

    /// <summary>MD5 of the bytes on the wire in lower-case hex: what a compare-and-set or a long poll compares.</summary>
    public required string Md5 { get; init; }

    /// <summary>Charset of the bytes on the wire, as a web name: <c>gbk</c> or <c>utf-8</c>.</summary>
    public required string Charset { get; init; }

    /// <summary>Whether a server, the failover folder or a snapshot answered.</summary>
    public required ConfigSource Source { get; init; }

    /// <summary>The server that answered, as <c>host:port</c>; null where none did.</summary>
    public string? Server { get; init; }

    /// <summary>When the value was last changed on the server, or when the local file was written; null where that is not known.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>The user who changed the value last, as the server noted it; null where it did not tell.</summary>
    public string? ModifiedBy { get; init; }

    /// <summary>The address from which the value was changed last; null where the server did not tell.</summary>
    public string? ModifiedFrom { get; init; }

    /// <summary>Format of the content, as <c>yaml</c>; null where the server stores or tells none.</summary>
    public string? Type => Metadata.Type;

    /// <summary>The tags, in the server's order; empty where there are none or the server did not tell.</summary>
    public IReadOnlyList<string> Tags => Metadata.Tags is { Length: > 0 } tags ? tags.Split(',') : [];

    /// <summary>The description; null where there is none or the server did not tell.</summary>
    public string? Description => Metadata.Description;

    /// <summary>The name of the application that it belongs to; null where there is none or the server did not tell.</summary>
    public string? AppName => Metadata.AppName;

    /// <summary>The encrypted data key that travels beside envelope-encrypted content; null for all other content.</summary>
    public string? EncryptedDataKey
    {
        get => Metadata.EncryptedDataKey;
        init => Metadata = Metadata with { EncryptedDataKey = value };
    }

    /// <summary>What to know before the content is used: that a local copy answered, how far it is to be trusted, that the content is cipher text. Null where there is nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>Size of the content on the wire, in bytes.</summary>
    public int Size => RawBytes.Length;

    /// <summary>Whether <see cref="Content"/> is the plain text of a configuration that the servers hold encrypted.</summary>
    public bool IsDecrypted => !string.Equals(Content, RawContent, StringComparison.Ordinal);

    /// <summary>Group and data id.</summary>
    public ConfigKey Key => new(DataId, Group);

    // Not public properties: whoever writes all properties down, as JSON or CSV, has the content once.
    internal string RawContent { get; init; } = "";

    internal ReadOnlyMemory<byte> RawBytes { get; init; }

    /// <summary>What the metadata of another state would change of this one's, a line each, such as <c>type: 'text' -&gt; 'yaml'</c>; as far as both are known.</summary>
    /// <param name="wanted">The other state.</param>
    public IReadOnlyList<string> MetadataChangesTo(AcmConfig wanted)
    {
        if (wanted is null) throw new ArgumentNullException(nameof(wanted));
        return [.. wanted.Metadata.ChangesOf(Metadata, HasAllMetadata).Select(change => change.ToString())];
    }

    /// <summary>Whether <see cref="Metadata"/> is all that is stored beside the content.</summary>
    internal bool HasAllMetadata { get; init; }

    /// <summary>What is stored beside the content, as far as the answer told.</summary>
    internal ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Whether the server decrypted it, so that nothing is left to be decrypted here and nothing may be kept of it.</summary>
    internal bool IsOpen { get; init; }

    /// <summary>Returns the text as the server holds it: cipher text where the configuration is encrypted, else equal to <see cref="Content"/>.</summary>
    public string GetRawContent() => RawContent;

    /// <summary>Returns a copy of the bytes as they travelled, of which <see cref="Md5"/> is taken.</summary>
    public byte[] GetRawBytes() => RawBytes.ToArray();

    /// <summary>Whether both are the same answer. Two answers are two, even where they hold the same.</summary>
    public bool Equals(AcmConfig? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The same with its content as it was decrypted, or could not be.</summary>
    internal AcmConfig With(string content, string? warning) =>
        this with { Content = content, Warning = Warning is null || warning is null ? Warning ?? warning : Warning + " " + warning };

    /// <summary>The content: text is what a configuration is for, so this is what string expansion and cmdlets that take text get. Its name is <see cref="Key"/>.</summary>
    public override string ToString() => Content;
}
