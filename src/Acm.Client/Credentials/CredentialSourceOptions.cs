namespace Acm.Client.Credentials;

/// <summary>Options of credential sources. Each source uses those that apply; missing values are looked up where Alibaba Cloud's SDKs look.</summary>
public sealed record CredentialSourceOptions
{
    /// <summary>Gets the keys that assume a role; null for those of <see cref="RamRoleName"/>, <see cref="ProfileName"/> or the default chain.</summary>
    public AcmCredential? Credential { get; init; }

    /// <summary>Gets the role of the ECS instance; null for the attached one.</summary>
    public string? RamRoleName { get; init; }

    /// <summary>Gets the role to assume, as <c>acs:ram::ACCOUNT:role/NAME</c>; null for <c>ALIBABA_CLOUD_ROLE_ARN</c>.</summary>
    public string? RoleArn { get; init; }

    /// <summary>Gets the session name in the audit log: 2 to 64 letters, digits or <c>.@-_</c>; null for <c>ALIBABA_CLOUD_ROLE_SESSION_NAME</c>, otherwise <c>acm-client</c>.</summary>
    public string? RoleSessionName { get; init; }

    /// <summary>Gets the OIDC provider that the role trusts, as <c>acs:ram::ACCOUNT:oidc-provider/NAME</c>; null for <c>ALIBABA_CLOUD_OIDC_PROVIDER_ARN</c>.</summary>
    public string? OidcProviderArn { get; init; }

    /// <summary>
    /// Gets the file with the OIDC token, read at each refresh; null for <c>ALIBABA_CLOUD_OIDC_TOKEN_FILE</c>, otherwise the token in <c>ALIBABA_CLOUD_OIDC_TOKEN</c>,
    /// otherwise a token from GitHub Actions.
    /// </summary>
    public string? OidcTokenFile { get; init; }

    /// <summary>Gets the audience of a token from GitHub Actions; null for <c>sts.aliyuncs.com</c>.</summary>
    public string? OidcAudience { get; init; }

    /// <summary>Gets the profile of the Alibaba Cloud CLI; null for <c>ALIBABA_CLOUD_PROFILE</c>, otherwise the current one.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Gets the STS endpoint as <c>host</c>, <c>host:port</c> or an https URI; null for the public one.</summary>
    public string? StsEndpoint { get; init; }

    /// <summary>Gets the metadata service as <c>host</c>, <c>host:port</c> or a URI; null for <c>http://100.100.100.200</c>.</summary>
    public string? MetadataEndpoint { get; init; }

    /// <summary>Gets the path of a file with CA certificates that are trusted in addition to the system's; null for none.</summary>
    public string? CaCertificatePath { get; init; }

    /// <summary>Gets the proxy; null for that of the environment or the system.</summary>
    public AcmProxyOptions? Proxy { get; init; }

    /// <summary>Gets the log for refreshes; null for none.</summary>
    public IAcmLog? Log { get; init; }
}
