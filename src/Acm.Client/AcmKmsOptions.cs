namespace Acm.Client;

/// <summary>
/// Options for encrypting and decrypting configurations whose data ID begins with <c>cipher-</c>, with Alibaba Cloud KMS over verified TLS. The CA file of
/// the connection is trusted in addition to the system's roots; <see cref="AcmClientOptions.SkipCertificateCheck"/> does not apply.
/// </summary>
public sealed class AcmKmsOptions
{
    /// <summary>
    /// The default of <see cref="KeyId"/>: the alias of ACM's own key in an older Alibaba Cloud client. An account may not have it;
    /// reading does not need it, because the cipher text names its key.
    /// </summary>
    public const string DefaultKeyId = "alias/acs/acm";

    /// <summary>Gets the region of KMS, such as <c>cn-hangzhou</c>. Required unless <see cref="Endpoint"/> is specified.</summary>
    public string? RegionId { get; init; }

    /// <summary>Gets the key that encrypts: an ID, an ARN or <c>alias/…</c>.</summary>
    public string KeyId { get; init; } = DefaultKeyId;

    /// <summary>Gets the KMS endpoint, as <c>host</c>, <c>host:port</c> or an https URI, for a VPC or a private gateway. Null for the region's public endpoint, <c>kms.REGION.aliyuncs.com</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Gets separate keys for KMS; null for <see cref="CredentialSource"/>, or else those of the connection.</summary>
    public AcmCredential? Credential { get; init; }

    /// <summary>Gets a separate source of credentials for KMS; null for <see cref="Credential"/>, or else those of the connection. The caller disposes it.</summary>
    public AcmCredentialSource? CredentialSource { get; init; }
}
