namespace Acm.Client;

/// <summary>A planned restore of a configuration, for <see cref="AcmClient.RestoreAsync"/>. Immutable.</summary>
public sealed class RestorePlan
{
    internal RestorePlan(ConfigKey key, ConfigRevision? revision, AcmConfig wanted, AcmConfig? current, IReadOnlyList<MetadataChange> changes)
    {
        Key = key;
        Revision = revision;
        Wanted = wanted;
        Current = current;
        Changes = changes;
    }

    /// <summary>Gets group and data ID.</summary>
    public ConfigKey Key { get; }

    /// <summary>Gets the change that led to the restored state; null if the history does not contain it.</summary>
    public ConfigRevision? Revision { get; }

    /// <summary>Gets the state to restore, as stored on the server.</summary>
    public AcmConfig Wanted { get; }

    /// <summary>Gets the state to replace, as stored on the server; null if there is none. The restore fails if it changes in the meantime.</summary>
    public AcmConfig? Current { get; }

    /// <summary>Gets whether the two states differ.</summary>
    public bool IsNeeded => Wanted.Md5 != Current?.Md5 || Wanted.EncryptedDataKey != Current.EncryptedDataKey || Changes.Count > 0;

    /// <summary>Gets the changed metadata, one line per property, such as <c>type: 'text' -&gt; 'yaml'</c>.</summary>
    public IReadOnlyList<string> MetadataChanges => [.. Changes.Select(change => change.ToString())];

    private IReadOnlyList<MetadataChange> Changes { get; }

    /// <summary>Gets the options of the publish: compare-and-swap, the old metadata, and cipher text unchanged.</summary>
    internal PublishOptions Options => new()
    {
        IfMatch = Current?.Md5,
        CreateOnly = Current is null,
        IsRaw = true,
        AllowPlaintext = true,
        Metadata = Wanted.Metadata,
    };
}
