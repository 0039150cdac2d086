namespace Acm.Client;

/// <summary>What may differ from call to call.</summary>
public sealed class AcmCallOptions
{
    /// <summary>Time limit of one try, the body included; null for the client's own. Range as <see cref="AcmClientOptions.TryTimeout"/>. The limit of the whole call becomes the larger of the client's own and four of these.</summary>
    public TimeSpan? TryTimeout { get; init; }

    /// <summary>Neither read nor write a snapshot in this call.</summary>
    public bool NoSnapshot { get; init; }

    /// <summary>Leave encrypted configurations as the server holds them: their content is the cipher text. Needs no KMS.</summary>
    public bool NoDecrypt { get; init; }

    /// <summary>Pass over the failover folder in this call: what is moved or compared is what the servers hold.</summary>
    public bool NoFailover { get; init; }

    /// <summary>Read everything that is stored beside the content too (tags, description, who changed it), where the user may. Shows what is stored, which is never behind what is served.</summary>
    public bool WithMetadata { get; init; }

    /// <summary>Ask no server: failover files and snapshots answer. What they do not have is <see cref="AcmErrorKind.ServerUnavailable"/>.</summary>
    public bool SnapshotsOnly { get; init; }

    /// <summary>Where this call's lines go, besides the client's trace; null for nowhere.</summary>
    public IAcmLog? Log { get; init; }
}
