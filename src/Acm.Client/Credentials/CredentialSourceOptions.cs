namespace Acm.Client.Credentials;

/// <summary>What a credential source has to know. Each source uses what concerns it; what is not given is looked up where the vendor's own tools look.</summary>
public sealed record CredentialSourceOptions
{
    /// <summary>Lasting or temporary keys by which a role is assumed; null for those of <see cref="RamRoleName"/>, of <see cref="ProfileName"/> or of the default chain.</summary>
    public AcmCredential? Credential { get; init; }

    /// <summary>Role of the ECS instance; null for the one that the instance has.</summary>
    public string? RamRoleName { get; init; }

    /// <summary>Role to assume, as <c>acs:ram::ACCOUNT:role/NAME</c>; null for that of <c>ALIBABA_CLOUD_ROLE_ARN</c>.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Name of the session in the vendor's audit log: 2 to 64 letters, digits or <c>.@-_</c>; null for that of <c>ALIBABA_CLOUD_ROLE_SESSION_NAME</c>, else <c>acm-client</c>.</summary>
    public string? RoleSessionName { get; init; }

    /// <summary>OIDC provider that the role trusts, as <c>acs:ram::ACCOUNT:oidc-provider/NAME</c>; null for that of <c>ALIBABA_CLOUD_OIDC_PROVIDER_ARN</c>.</summary>
    public string? OidcProviderArn { get; init; }

    /// <summary>
    /// File with the OIDC token, read at each refresh; null for that of <c>ALIBABA_CLOUD_OIDC_TOKEN_FILE</c>, else the token in <c>ALIBABA_CLOUD_OIDC_TOKEN</c>,
    /// else one that GitHub Actions gives.
    /// </summary>
    public string? OidcTokenFile { get; init; }

    /// <summary>Audience of the token that GitHub Actions is asked for; null for <c>sts.aliyuncs.com</c>.</summary>
    public string? OidcAudience { get; init; }

    /// <summary>Profile of the Alibaba Cloud CLI; null for that of <c>ALIBABA_CLOUD_PROFILE</c>, else the file's current one.</summary>
    public string? ProfileName { get; init; }

    /// <summary>STS as <c>host</c>, <c>host:port</c> or an https URI; null for the vendor's.</summary>
    public string? StsEndpoint { get; init; }

    /// <summary>Metadata service as <c>host</c>, <c>host:port</c> or a URI; null for <c>http://100.100.100.200</c>.</summary>
    public string? MetadataEndpoint { get; init; }

    /// <summary>File with CA certificates that are trusted beside the system's; null for none.</summary>
    public string? CaCertificatePath { get; init; }

    /// <summary>The proxy to use; null for the one that the environment or the system names.</summary>
    public AcmProxyOptions? Proxy { get; init; }

    /// <summary>Where the lines about refreshes go; null for nowhere.</summary>
    public IAcmLog? Log { get; init; }
}
