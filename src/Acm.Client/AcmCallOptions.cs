namespace Acm.Client;

/// <summary>Options of a single call.</summary>
public sealed class AcmCallOptions
{
    /// <summary>Gets the time-out of one try, including reading the body; null for the client's. The range is that of <see cref="AcmClientOptions.TryTimeout"/>. The total time-out becomes the larger of the client's and four times this value.</summary>
    public TimeSpan? TryTimeout { get; init; }

    /// <summary>Gets whether snapshots are neither read nor written.</summary>
    public bool NoSnapshot { get; init; }

    /// <summary>Gets whether encrypted configurations are returned as cipher text, without KMS.</summary>
    public bool NoDecrypt { get; init; }

    /// <summary>Gets whether the failover folder is ignored, so that transfers and comparisons use the servers' values.</summary>
    public bool NoFailover { get; init; }

    /// <summary>Gets whether tags, description and modifier are read too, if the user has permission. Reads the stored value, which is never older than the served one.</summary>
    public bool WithMetadata { get; init; }

    /// <summary>Gets whether only failover files and snapshots are used. If they lack a configuration, the error is <see cref="AcmErrorKind.ServerUnavailable"/>.</summary>
    public bool SnapshotsOnly { get; init; }

    /// <summary>Gets the log of this call, in addition to the client's; null for none.</summary>
    public IAcmLog? Log { get; init; }
}
