namespace Acm.Client;

/// <summary>
/// How configurations whose data id begins with <c>cipher-</c> are encrypted and decrypted: with Alibaba Cloud KMS, over TLS that is always verified. The CA file of
/// the connection is trusted beside the system's authorities; that the connection skips the check of certificates does not count here.
/// </summary>
public sealed class AcmKmsOptions
{
    /// <summary>
    /// Default of <see cref="KeyId"/>: the alias that ACM's own key has, after an older client of the vendor. Whether an account has it is the account's to say;
    /// reading needs no key id, because the cipher text names its key.
    /// </summary>
    public const string DefaultKeyId = "alias/acs/acm";

    /// <summary>Region of KMS, such as <c>cn-hangzhou</c>. Required, unless <see cref="Endpoint"/> is given.</summary>
    public string? RegionId { get; init; }

    /// <summary>The key that encrypts: an id, an ARN or <c>alias/…</c>.</summary>
    public string KeyId { get; init; } = DefaultKeyId;

    /// <summary>Where KMS is, as <c>host</c>, <c>host:port</c> or an https URI: for a VPC, or a gateway of one's own. Null for the region's public endpoint, <c>kms.REGION.aliyuncs.com</c>.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Keys of KMS's own; null for <see cref="CredentialSource"/>, or else those of the connection.</summary>
    public AcmCredential? Credential { get; init; }

    /// <summary>What gives KMS credentials of its own; null for <see cref="Credential"/>, or else those of the connection. Its maker disposes it.</summary>
    public AcmCredentialSource? CredentialSource { get; init; }
}
