namespace AcmPowerShell;

/// <summary>A Nacos that an application of Spring Cloud Alibaba reads its configuration from. Its text form shows no secret.</summary>
internal sealed class SpringEntry
{
    /// <summary>The servers, or the address server, as the file has them.</summary>
    public required string Address { get; init; }

    /// <summary>Whether <see cref="Address"/> is an address server.</summary>
    public bool IsEndpoint { get; init; }

    /// <summary>The namespace; empty for the default one.</summary>
    public required string Namespace { get; init; }

    /// <summary>What the profile may be called: the application, and the profile of Spring that the settings are for; null for neither.</summary>
    public string? Alias { get; init; }

    /// <summary>User; null for none.</summary>
    public string? UserName { get; init; }

    /// <summary>His password.</summary>
    public string? Password { get; init; }

    /// <summary>Access key id, for the managed Nacos.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Secret key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>RAM role of the ECS instance.</summary>
    public string? RamRoleName { get; init; }

    /// <summary>The configurations that the application reads, as <c>spring.config.import</c> names them.</summary>
    public IReadOnlyList<string> Imports { get; init; } = [];

    /// <summary>Whether the file holds a secret of it.</summary>
    public bool HoldsSecrets => Password is not null || SecretKey is not null;

    /// <summary>As <c>server:namespace</c>.</summary>
    public override string ToString() => Address + ":" + (Namespace.Length == 0 ? "[default]" : Namespace);
}
