using Acm.Client.Transfer.Sources;

namespace Acm.Client.Transfer;

/// <summary>
/// What is known of the far side of a comparison apart from contents: its list, which is read once and only if the comparison requires it, and the metadata of single configurations that were read.
/// </summary>
/// <param name="far">The far side.</param>
/// <param name="reading">Which configurations are listed, and how.</param>
/// <param name="problems">Receives the problems of the list.</param>
/// <param name="compared">The properties that the list has and a comparison covers.</param>
internal sealed class FarListing(ConfigSet far, SetReading reading, ProblemList problems, MetadataFields compared)
{
    private readonly Dictionary<ConfigKey, FarMetadata> _metadata = [];
    private IReadOnlyList<SetEntry>? _entries;
    private Dictionary<ConfigKey, string?>? _md5s;

    /// <summary>Gets the listed checksums; null if the list was not read.</summary>
    public IReadOnlyDictionary<ConfigKey, string?>? Md5s => _entries is null ? null : _md5s ??= _entries.ToDictionary(entry => entry.Key, entry => entry.Md5);

    /// <summary>Returns the configurations of the far side.</summary>
    /// <exception cref="AcmException">The list cannot be read.</exception>
    public async Task<IReadOnlyList<SetEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_entries is not null) return _entries;

        _entries = await far.OpenAsync(reading, problems, cancellationToken).ConfigureAwait(false);
        foreach (SetEntry entry in _entries) Note(entry.Key, entry.Metadata, compared);
        return _entries;
    }

    /// <summary>Notes the metadata of a configuration.</summary>
    /// <param name="key">The configuration.</param>
    /// <param name="metadata">Its metadata.</param>
    /// <param name="known">The properties that are known; a missing one does not exist.</param>
    public void Note(ConfigKey key, ConfigMetadata metadata, MetadataFields known) => _metadata[key] = new FarMetadata(metadata, known);

    /// <summary>Returns how the source's metadata differs from the target's; empty if that of the far side is not known. For files, only recorded metadata is known.</summary>
    /// <param name="near">The configuration on the near side.</param>
    /// <param name="isFarSource">Whether the far side is the source.</param>
    public IReadOnlyList<MetadataChange> MetadataChanges(SetEntry near, bool isFarSource)
    {
        if (!_metadata.TryGetValue(near.Key, out FarMetadata? other)) return [];
        return [.. isFarSource ? other.Data.ChangesOf(near.Metadata, isComplete: false) : near.Metadata.Only(other.Known).ChangesOf(other.Data, isComplete: far is NamespaceSet)];
    }

    private sealed record FarMetadata(ConfigMetadata Data, MetadataFields Known);
}
