namespace Acm.Client.Profiles;

/// <summary>A namespace as the Python command line keeps it. Its text form shows no secret.</summary>
public sealed class PythonCliEntry
{
    /// <summary>The address server.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The namespace; empty for the blank one.</summary>
    public required string Namespace { get; init; }

    /// <summary>The name that people use for it; null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether the data servers are spoken to over TLS.</summary>
    public bool UseTls { get; init; }

    /// <summary>Whether KMS encrypts and decrypts.</summary>
    public bool UseKms { get; init; }

    /// <summary>Region of KMS.</summary>
    public string? RegionId { get; init; }

    /// <summary>Access key id.</summary>
    public string? AccessKey { get; init; }

    /// <summary>Secret key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>RAM role of the ECS instance, which goes before the keys.</summary>
    public string? RamRoleName { get; init; }

    /// <summary>Access key id for KMS; null for that of the namespace.</summary>
    public string? KmsAccessKey { get; init; }

    /// <summary>Secret key for KMS.</summary>
    public string? KmsSecretKey { get; init; }

    /// <summary>Key that encrypts.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Whether it is the one in use.</summary>
    public bool IsCurrent { get; init; }

    /// <summary>Whether the file holds a secret of it.</summary>
    public bool HoldsSecrets => SecretKey is not null || KmsSecretKey is not null;

    /// <summary>As <c>endpoint:namespace</c>.</summary>
    public override string ToString() => Endpoint + ":" + (Namespace.Length == 0 ? NamespaceName.Default : Namespace);
}
