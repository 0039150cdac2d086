namespace Acm.Client.Reading;

/// <summary>Reads configurations from one source. Readers form a chain: failover folder, snapshots, servers.</summary>
internal interface IConfigReader
{
    /// <exception cref="AcmException">The read failed; any <see cref="AcmErrorKind"/> of a read.</exception>
    ValueTask<AcmConfig> GetAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken);

    /// <summary>Reads several configurations and returns one result per key, in input order. Throws only if the caller cancels.</summary>
    Task<ConfigResult[]> GetManyAsync(string @namespace, IReadOnlyList<ConfigKey> keys, int parallelism, AcmCallOptions? call, CancellationToken cancellationToken);
}
