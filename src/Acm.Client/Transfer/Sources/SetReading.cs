namespace Acm.Client.Transfer.Sources;

/// <summary>How a set is read.</summary>
internal sealed class SetReading
{
    /// <summary>Which names are allowed. Throws <see cref="AcmErrorKind.InvalidKey"/>.</summary>
    public required Action<ConfigKey> CheckKey { get; init; }

    /// <summary>Which configurations are wanted; null for all.</summary>
    public Func<ConfigKey, bool>? Filter { get; init; }

    /// <summary>Requests in flight at once.</summary>
    public int Parallelism { get; init; } = 16;

    /// <summary>Leave encrypted configurations as the servers hold them.</summary>
    public bool NoDecrypt { get; init; }

    public AcmCallOptions? Call { get; init; }

    /// <summary>The same reading of what the servers hold, cipher text as it is.</summary>
    public SetReading AsStored() => new() { CheckKey = CheckKey, Filter = Filter, Parallelism = Parallelism, NoDecrypt = true, Call = Call };

    public bool Wants(ConfigKey key) => Filter?.Invoke(key) != false;
}
