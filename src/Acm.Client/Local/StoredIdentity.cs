namespace Acm.Client.Local;

/// <summary>The parts of a value by which snapshots are compared.</summary>
internal sealed record StoredIdentity(string Md5, string Charset, ConfigMetadata Metadata)
{
    public static StoredIdentity Of(StoredConfig config) => new(config.Md5, config.Charset, config.Metadata);

    /// <summary>Returns whether a value is stored already: the same content, and no metadata that is not stored.</summary>
    public bool Covers(StoredIdentity value) => Md5 == value.Md5 && Charset == value.Charset && value.Metadata.IsIn(Metadata);
}
