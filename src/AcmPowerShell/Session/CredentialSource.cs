namespace AcmPowerShell;

/// <summary>Where a connection's credentials come from.</summary>
public enum CredentialSource
{
    /// <summary>Keys that are given: -AccessKey and -SecretKey, -Credential, or a secret of a vault.</summary>
    Keys,

    /// <summary>ALIBABA_CLOUD_ACCESS_KEY_ID and its companions.</summary>
    Environment,

    /// <summary>A profile of the Alibaba Cloud CLI.</summary>
    CliProfile,

    /// <summary>The RAM role of the ECS instance.</summary>
    RamRole,

    /// <summary>A role that other credentials may assume.</summary>
    AssumeRole,

    /// <summary>A role that trusts an OIDC provider: GitHub Actions, Kubernetes (RRSA) and others.</summary>
    Oidc,

    /// <summary>The vendor's default order.</summary>
    Default,
}
