using System.Runtime.InteropServices;
using Acm.Client.Calls;
using Acm.Client.Reading;
using Acm.Client.Text;

namespace Acm.Client.Watching;

/// <summary>
/// A value that watchers have reported, in compact form: the bytes are decoded on demand. Immutable.
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

    /// <summary>Gets the server that returned the value; null for a local file.</summary>
    public string? Server { get; }

    public DateTimeOffset? LastModified { get; }

    /// <summary>Gets whether <see cref="Content"/> is the decrypted <see cref="RawContent"/>.</summary>
    public bool IsDecrypted => _decrypted is not null;

    public string Content => _decrypted ?? RawContent;

    /// <summary>Gets the stored text. The bytes were decoded before, so decoding cannot fail.</summary>
    public string RawContent => ContentText.TryDecode(_bytes, _charset, out string text, out _) ? text : "";

    /// <summary>Returns the MD5, because the content may be secret.</summary>
    public override string ToString() => Md5;

    /// <summary>Returns the value after a server confirmed it: a snapshot is then no longer possibly stale.</summary>
    public WatchedValue Confirmed() => Source == ConfigSource.Snapshot ? this with { Source = ConfigSource.Server, Warning = null } : this;

    /// <summary>Saves the stored form as a snapshot.</summary>
    public void Keep(SnapshotReader snapshots, string @namespace, ConfigKey key, CallLog log) =>
        snapshots.Keep(@namespace, key, _bytes, Md5, _charset, _metadata, LastModified, log);

    /// <summary>Returns whether the metadata is the same, as far as both are known.</summary>
    public bool HasMetadataOf(WatchedValue other) =>
        !_hasAllMetadata || !other._hasAllMetadata || !(_metadata.ChangesOf(other._metadata, isComplete: true).Any() || other._metadata.ChangesOf(_metadata, isComplete: true).Any());

    /// <summary>Returns whether this value has more metadata than another.</summary>
    public bool TellsMoreThan(WatchedValue other) => _hasAllMetadata && !other._hasAllMetadata;

    /// <summary>Returns whether the text is the same. The bytes may differ: encrypting again gives another cipher text, and local files may have another charset.</summary>
    public bool HasContentOf(WatchedValue other)
    {
        bool sameForm = _decrypted is null && other._decrypted is null && string.Equals(_charset, other._charset, StringComparison.OrdinalIgnoreCase);
        return sameForm ? string.Equals(Md5, other.Md5, StringComparison.Ordinal) : string.Equals(Content, other.Content, StringComparison.Ordinal);
    }
}
