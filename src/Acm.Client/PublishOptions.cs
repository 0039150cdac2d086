namespace Acm.Client;

/// <summary>Conditions and extras of a publish.</summary>
public sealed class PublishOptions
{
    /// <summary>
    /// Publish only if the server's content still has this MD5 (lower-case hex, of the bytes on the wire); else
    /// <see cref="AcmErrorKind.Conflict"/>. The value is read and compared before it is sent, and the server is asked to compare again as it
    /// stores: one that does not know the condition leaves a small window between the two.
    /// </summary>
    public string? IfMatch { get; init; }

    /// <summary>Publish only if there is no such configuration yet; else <see cref="AcmErrorKind.ConfigExists"/>. As for <see cref="IfMatch"/>, checked here and asked of the server.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>
    /// Where the condition fails: publish what is stored once more if the servers serve something else to readers. A cluster of Nacos 2.x with embedded storage serves refused content for minutes.
    /// </summary>
    public bool RepairOnConflict { get; init; }

    /// <summary>
    /// Store content of a <c>cipher-</c> data id in the clear where the connection has no KMS, or <see cref="IsRaw"/> gives what is no cipher text; without this, both are
    /// <see cref="AcmErrorKind.InvalidContent"/>.
    /// </summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>Publish the content as it is, without encrypting it: cipher text that moves from place to place. Needs no KMS.</summary>
    public bool IsRaw { get; init; }

    /// <summary>With <see cref="IsRaw"/>: the encrypted data key that belongs to envelope-encrypted content, as <see cref="AcmConfig.EncryptedDataKey"/> had it. Printable ASCII without blanks. Null for none.</summary>
    public string? EncryptedDataKey
    {
        get => Metadata.EncryptedDataKey;
        init => Metadata = Metadata with { EncryptedDataKey = value };
    }

    /// <summary>Application name to store with the configuration; null to leave the one that is stored.</summary>
    public string? AppName
    {
        get => Metadata.AppName;
        init => Metadata = Metadata with { AppName = value };
    }

    /// <summary>Format of the content, as <c>yaml</c>; null to leave the one that is stored. Only servers of Nacos store it.</summary>
    public string? Type
    {
        get => Metadata.Type;
        init => Metadata = Metadata with { Type = value };
    }

    /// <summary>Tags, separated by commas; empty for none, null to leave those that are stored. Only servers of Nacos store them.</summary>
    public string? Tags
    {
        get => Metadata.Tags;
        init => Metadata = Metadata with { Tags = value };
    }

    /// <summary>Description, at most 128 characters; null to leave the one that is stored. Only servers of Nacos store it.</summary>
    public string? Description
    {
        get => Metadata.Description;
        init => Metadata = Metadata with { Description = value };
    }

    /// <summary>What to store beside the content. What is not given stays as it is.</summary>
    internal ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;
}
