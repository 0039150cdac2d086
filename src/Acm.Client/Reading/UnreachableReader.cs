namespace Acm.Client.Reading;

/// <summary>Fails every read with <see cref="AcmErrorKind.ServerUnavailable"/>, so that the readers before it return local values.</summary>
internal sealed class UnreachableReader : IConfigReader
{
    public ValueTask<AcmConfig> GetAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken) =>
        new(Task.FromException<AcmConfig>(Error(key)));

    public Task<ConfigResult[]> GetManyAsync(string @namespace, IReadOnlyList<ConfigKey> keys, int parallelism, AcmCallOptions? call, CancellationToken cancellationToken) =>
        Task.FromResult(Array.ConvertAll([.. keys], key => new ConfigResult(key, Error(key))));

    private static AcmException Error(ConfigKey key) => new(AcmErrorKind.ServerUnavailable, "No server is reachable.") { Key = key };
}
