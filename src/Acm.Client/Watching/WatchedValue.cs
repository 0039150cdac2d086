using System.Runtime.InteropServices;
using Acm.Client.Calls;
using Acm.Client.Reading;
using Acm.Client.Text;

namespace Acm.Client.Watching;

/// <summary>
/// A value that watchers have seen, as small as it can be kept: the bytes, from which the text is made when somebody asks for it. Immutable.
/// </summary>
internal sealed record WatchedValue
{
    private readonly byte[] _bytes;
    private readonly string _charset;
    private readonly string? _decrypted;
    private readonly ConfigMetadata _metadata;
    private readonly bool _hasAllMetadata;

    public WatchedValue(AcmConfig config)
    {
        _bytes = MemoryMarshal.TryGetArray(config.RawBytes, out ArraySegment<byte> segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : config.RawBytes.ToArray();
        _charset = config.Charset;
        _decrypted = config.IsDecrypted ? config.Content : null;
        _metadata = config.Metadata;
        _hasAllMetadata = config.HasAllMetadata;
        LastModified = config.LastModified;
        Server = config.Server;
        Md5 = config.Md5;
        Source = config.Source;
        Warning = config.Warning;
    }

    public string Md5 { get; }

    public ConfigSource Source { get; private init; }

    public string? Warning { get; private init; }

    /// <summary>The server that told it; null for a local file.</summary>
    public string? Server { get; }

    public DateTimeOffset? LastModified { get; }

    /// <summary>Whether <see cref="Content"/> is the plain text of what <see cref="RawContent"/> hides.</summary>
    public bool IsDecrypted => _decrypted is not null;

    public string Content => _decrypted ?? RawContent;

    /// <summary>The text that the bytes were read as when they came, so that reading them again cannot fail.</summary>
    public string RawContent => ContentText.TryDecode(_bytes, _charset, out string text, out _) ? text : "";

    /// <summary>Nothing of the content.</summary>
    public override string ToString() => Md5;

    /// <summary>The value once a server said that it holds the same: what came from a snapshot is not "maybe old" any more.</summary>
    public WatchedValue Confirmed() => Source == ConfigSource.Snapshot ? this with { Source = ConfigSource.Server, Warning = null } : this;

    /// <summary>Keeps it as a snapshot, as the server holds it.</summary>
    public void Keep(SnapshotReader snapshots, string @namespace, ConfigKey key, CallLog log) =>
        snapshots.Keep(@namespace, key, _bytes, Md5, _charset, _metadata, LastModified, log);

    /// <summary>Whether what is stored beside the content is the same, as far as both tell.</summary>
    public bool HasMetadataOf(WatchedValue other) =>
        !_hasAllMetadata || !other._hasAllMetadata || !(_metadata.ChangesOf(other._metadata, isComplete: true).Any() || other._metadata.ChangesOf(_metadata, isComplete: true).Any());

    /// <summary>Whether this tells more of the metadata than another value does.</summary>
    public bool TellsMoreThan(WatchedValue other) => _hasAllMetadata && !other._hasAllMetadata;

    /// <summary>Whether a reader sees the same text. The bytes may differ: cipher text of the same plain text does, and a local file has a charset of its own.</summary>
    public bool HasContentOf(WatchedValue other)
    {
        bool sameForm = _decrypted is null && other._decrypted is null && string.Equals(_charset, other._charset, StringComparison.OrdinalIgnoreCase);
        return sameForm ? string.Equals(Md5, other.Md5, StringComparison.Ordinal) : string.Equals(Content, other.Content, StringComparison.Ordinal);
    }
}
