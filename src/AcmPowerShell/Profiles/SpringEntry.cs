namespace AcmPowerShell;

/// <summary>A Nacos connection of a Spring Cloud Alibaba application. Its text form contains no secrets.</summary>
internal sealed class SpringEntry
{
    /// <summary>Gets the servers, or the address server, as in the file.</summary>
    public required string Address { get; init; }

    /// <summary>Gets whether <see cref="Address"/> is an address server.</summary>
    public bool IsEndpoint { get; init; }

    /// <summary>Gets the ID of the namespace. Empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets the suggested profile name: the application and the Spring profile, or null.</summary>
    public string? Alias { get; init; }

    /// <summary>Gets the user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>Gets the password, or null.</summary>
    public string? Password { get; init; }

    /// <summary>Gets the access key ID for a managed Nacos, or null.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Gets the secret key, or null.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Gets the RAM role of the ECS instance, or null.</summary>
    public string? RamRoleName { get; init; }

    /// <summary>Gets the configurations in <c>spring.config.import</c>.</summary>
    public IReadOnlyList<string> Imports { get; init; } = [];

    /// <summary>Gets whether the file contains a secret for it.</summary>
    public bool HoldsSecrets => Password is not null || SecretKey is not null;

    /// <summary>Returns <c>server:namespace</c>.</summary>
    public override string ToString() => Address + ":" + (Namespace.Length == 0 ? "[default]" : Namespace);
}
