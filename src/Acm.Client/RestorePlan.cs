namespace Acm.Client;

/// <summary>What restoring a configuration would do, for <see cref="AcmClient.RestoreAsync"/> to carry out. Immutable.</summary>
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

    /// <summary>Group and data id.</summary>
    public ConfigKey Key { get; }

    /// <summary>The change that led to the state that is restored; null where the history does not tell.</summary>
    public ConfigRevision? Revision { get; }

    /// <summary>The state that is restored, as the server stored it.</summary>
    public AcmConfig Wanted { get; }

    /// <summary>The state that is replaced, as the server stores it; null where there is none. The restore fails if it changes meanwhile.</summary>
    public AcmConfig? Current { get; }

    /// <summary>Whether anything differs.</summary>
    public bool IsNeeded => Wanted.Md5 != Current?.Md5 || Wanted.EncryptedDataKey != Current.EncryptedDataKey || Changes.Count > 0;

    /// <summary>What changes of the metadata, a line each, such as <c>type: 'text' -&gt; 'yaml'</c>.</summary>
    public IReadOnlyList<string> MetadataChanges => [.. Changes.Select(change => change.ToString())];

    private IReadOnlyList<MetadataChange> Changes { get; }

    /// <summary>The options of the publish: under the condition that nobody changed it, with the stored metadata, and cipher text as it is.</summary>
    internal PublishOptions Options => new()
    {
        IfMatch = Current?.Md5,
        CreateOnly = Current is null,
        IsRaw = true,
        AllowPlaintext = true,
        Metadata = Wanted.Metadata,
    };
}
