namespace Acm.Client.Profiles;

/// <summary>A namespace in the configuration of the Python command line. <see cref="ToString"/> does not reveal secrets.</summary>
public sealed class PythonCliEntry
{
    /// <summary>Gets the address server.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Gets the namespace ID; empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets the display name; null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>Gets whether the data servers use TLS.</summary>
    public bool UseTls { get; init; }

    /// <summary>Gets whether KMS is used.</summary>
    public bool UseKms { get; init; }

    /// <summary>Gets the region of KMS.</summary>
    public string? RegionId { get; init; }

    /// <summary>Gets the access key ID.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Gets the secret key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Gets the RAM role of the ECS instance, which takes precedence over the keys.</summary>
    public string? RamRoleName { get; init; }

    /// <summary>Gets the access key ID for KMS; null for that of the namespace.</summary>
    public string? KmsAccessKey { get; init; }

    /// <summary>Gets the secret key for KMS.</summary>
    public string? KmsSecretKey { get; init; }

    /// <summary>Gets the KMS key.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Gets whether it is the current namespace.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>Gets whether the entry contains secrets.</summary>
    public bool HoldsSecrets => SecretKey is not null || KmsSecretKey is not null;

    /// <summary>Returns <c>endpoint:namespace</c>.</summary>
    public override string ToString() => Endpoint + ":" + (Namespace.Length == 0 ? NamespaceName.Default : Namespace);
}
