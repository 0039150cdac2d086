namespace Acm.Client;

/// <summary>Preconditions and metadata of a publish.</summary>
public sealed class PublishOptions
{
    /// <summary>
    /// Gets the MD5 that the server's content must still have (lower-case hexadecimal, of the transferred bytes); otherwise the error is
    /// <see cref="AcmErrorKind.Conflict"/>. The client compares before it publishes, and asks the server to compare when it stores:
    /// servers without compare-and-swap leave a small window between the two.
    /// </summary>
    public string? IfMatch { get; init; }

    /// <summary>Gets whether the configuration must not exist yet; otherwise the error is <see cref="AcmErrorKind.ConfigExists"/>. Checked by client and server like <see cref="IfMatch"/>.</summary>
    public bool CreateOnly { get; init; }

    /// <summary>
    /// Gets whether, after a failed precondition, the stored value is published again if readers are served another one. Nacos 2.x clusters with embedded storage serve rejected content for minutes.
    /// </summary>
    public bool RepairOnConflict { get; init; }

    /// <summary>
    /// Gets whether content of a <c>cipher-</c> data ID may be stored as plain text if the connection has no KMS, or if <see cref="IsRaw"/> is set and the content is not cipher text; otherwise both are
    /// <see cref="AcmErrorKind.InvalidContent"/>.
    /// </summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>Gets whether the content is published without encryption, to move cipher text without KMS.</summary>
    public bool IsRaw { get; init; }

    /// <summary>Gets the encrypted data key of envelope-encrypted content (<see cref="AcmConfig.EncryptedDataKey"/>), with <see cref="IsRaw"/>: printable ASCII without blanks. Null for none.</summary>
    public string? EncryptedDataKey
    {
        get => Metadata.EncryptedDataKey;
        init => Metadata = Metadata with { EncryptedDataKey = value };
    }

    /// <summary>Gets the application name; null to keep the stored one.</summary>
    public string? AppName
    {
        get => Metadata.AppName;
        init => Metadata = Metadata with { AppName = value };
    }

    /// <summary>Gets the format of the content, such as <c>yaml</c>; null to keep the stored one. Only Nacos servers store it.</summary>
    public string? Type
    {
        get => Metadata.Type;
        init => Metadata = Metadata with { Type = value };
    }

    /// <summary>Gets the tags, separated by commas; empty for none, null to keep the stored ones. Only Nacos servers store them.</summary>
    public string? Tags
    {
        get => Metadata.Tags;
        init => Metadata = Metadata with { Tags = value };
    }

    /// <summary>Gets the description, at most 128 characters; null to keep the stored one. Only Nacos servers store it.</summary>
    public string? Description
    {
        get => Metadata.Description;
        init => Metadata = Metadata with { Description = value };
    }

    /// <summary>Gets the metadata to store. Unspecified properties keep their values.</summary>
    internal ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;
}
