namespace Acm.Client.Transfer;

/// <summary>What is compared or moved, and how.</summary>
public sealed class TransferOptions
{
    /// <summary>Which configurations, of both sides; null for all. What it leaves out is neither published nor removed.</summary>
    public Func<ConfigKey, bool>? Filter { get; init; }

    /// <summary>Whether what only the target has is part of the plan.</summary>
    public bool IncludeRemoved { get; init; }

    /// <summary>Take encrypted configurations as they are stored, cipher text with its data key, and neither decrypt nor encrypt them.</summary>
    public bool NoDecrypt { get; init; }

    /// <summary>Requests in flight at once: 1 to 1,000.</summary>
    public int Parallelism { get; init; } = 16;

    /// <summary>What the calls to the servers have in common; null for the client's own settings.</summary>
    public AcmCallOptions? Call { get; init; }

    /// <summary>Is told each configuration that was looked at while a plan is made, on any thread.</summary>
    public Action<ConfigKey>? Compared { get; init; }
}
