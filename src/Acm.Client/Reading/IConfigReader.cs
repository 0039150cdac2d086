namespace Acm.Client.Reading;

/// <summary>A place that configuration is read from. One reader stands before another: failover folder, snapshot folder, servers.</summary>
internal interface IConfigReader
{
    /// <exception cref="AcmException">Any kind that a read can have.</exception>
    ValueTask<AcmConfig> GetAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken);

    /// <summary>One result a key, in their order. Throws only where the caller cancels.</summary>
    Task<ConfigResult[]> GetManyAsync(string @namespace, IReadOnlyList<ConfigKey> keys, int parallelism, AcmCallOptions? call, CancellationToken cancellationToken);
}
