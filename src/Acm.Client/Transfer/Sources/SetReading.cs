namespace Acm.Client.Transfer.Sources;

/// <summary>How a set is read.</summary>
internal sealed class SetReading
{
    /// <summary>Gets the validation of names, which throws <see cref="AcmErrorKind.InvalidKey"/>.</summary>
    public required Action<ConfigKey> CheckKey { get; init; }

    /// <summary>Gets the filter; null for all.</summary>
    public Func<ConfigKey, bool>? Filter { get; init; }

    /// <summary>Gets the maximum number of parallel requests.</summary>
    public int Parallelism { get; init; } = 16;

    /// <summary>Gets whether encrypted configurations are read as cipher text.</summary>
    public bool NoDecrypt { get; init; }

    public AcmCallOptions? Call { get; init; }

    /// <summary>Returns a copy that reads cipher text.</summary>
    public SetReading AsStored() => new() { CheckKey = CheckKey, Filter = Filter, Parallelism = Parallelism, NoDecrypt = true, Call = Call };

    public bool Wants(ConfigKey key) => Filter?.Invoke(key) != false;
}
