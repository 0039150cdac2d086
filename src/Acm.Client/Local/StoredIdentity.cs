namespace Acm.Client.Local;

/// <summary>What makes two values of a configuration the same one to a snapshot.</summary>
internal sealed record StoredIdentity(string Md5, string Charset, ConfigMetadata Metadata)
{
    public static StoredIdentity Of(StoredConfig config) => new(config.Md5, config.Charset, config.Metadata);

    /// <summary>Whether storing a value would tell nothing new: it is the same, and of its metadata nothing is given that is not stored.</summary>
    public bool Covers(StoredIdentity value) => Md5 == value.Md5 && Charset == value.Charset && value.Metadata.IsIn(Metadata);
}
