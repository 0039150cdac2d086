namespace Acm.Client.Transfer;

/// <summary>Options of a comparison or transfer.</summary>
public sealed class TransferOptions
{
    /// <summary>Gets the filter for configurations of both sides; null for all. Other configurations are neither published nor removed.</summary>
    public Func<ConfigKey, bool>? Filter { get; init; }

    /// <summary>Gets whether the plan includes configurations that only the target has.</summary>
    public bool IncludeRemoved { get; init; }

    /// <summary>Gets whether encrypted configurations are compared and published as cipher text.</summary>
    public bool NoDecrypt { get; init; }

    /// <summary>Gets the maximum number of parallel requests: 1 to 1,000.</summary>
    public int Parallelism { get; init; } = 16;

    /// <summary>Gets the options of the calls; null for the clients' settings.</summary>
    public AcmCallOptions? Call { get; init; }

    /// <summary>Gets the callback for each compared configuration, on any thread; null for none.</summary>
    public Action<ConfigKey>? Compared { get; init; }
}
