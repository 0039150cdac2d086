namespace AcmPowerShell;

/// <summary>Specifies the source of credentials.</summary>
public enum CredentialSource
{
    /// <summary>Specified keys: -AccessKey and -SecretKey, -Credential, or a secret in a vault.</summary>
    Keys,

    /// <summary>Environment variables: ALIBABA_CLOUD_ACCESS_KEY_ID and those that belong to it.</summary>
    Environment,

    /// <summary>A profile of the Alibaba Cloud CLI.</summary>
    CliProfile,

    /// <summary>The RAM role of the ECS instance.</summary>
    RamRole,

    /// <summary>A role that is assumed with other credentials.</summary>
    AssumeRole,

    /// <summary>A role that trusts an OIDC provider, such as GitHub Actions or Kubernetes (RRSA).</summary>
    Oidc,

    /// <summary>The default credential chain of Alibaba Cloud.</summary>
    Default,
}
