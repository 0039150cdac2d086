using Acm.Client.Local;

namespace Acm.Client.Reading;

/// <summary>
/// Reads from the failover folder first, and from the next reader if there is no file. The folder is never written to. A failover file that cannot be read is an error, not a reason to use the
/// server's value.
/// </summary>
internal sealed class FailoverReader : IConfigReader
{
    private readonly FailoverStore _store;
    private readonly IConfigReader _next;

    public FailoverReader(FailoverStore store, IConfigReader next)
    {
        _store = store;
        _next = next;
    }

    public ValueTask<AcmConfig> GetAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken) =>
        call?.NoFailover != true && _store.Read(@namespace, key) is { } stored
            ? new ValueTask<AcmConfig>(Config(@namespace, key, stored))
            : _next.GetAsync(@namespace, key, call, cancellationToken);

    public async Task<ConfigResult[]> GetManyAsync(string @namespace, IReadOnlyList<ConfigKey> keys, int parallelism, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        if (call?.NoFailover == true) return await _next.GetManyAsync(@namespace, keys, parallelism, call, cancellationToken).ConfigureAwait(false);

        var results = new ConfigResult?[keys.Count];
        var left = new List<int>(keys.Count);
        for (int i = 0; i < keys.Count; i++)
        {
            results[i] = Read(@namespace, keys[i]);
            if (results[i] is null) left.Add(i);
        }

        ConfigResult[] others = await _next.GetManyAsync(@namespace, [.. left.Select(i => keys[i])], parallelism, call, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < left.Count; i++) results[left[i]] = others[i];
        return results!;
    }

    private ConfigResult? Read(string @namespace, ConfigKey key)
    {
        try
        {
            return _store.Read(@namespace, key) is { } stored ? new ConfigResult(key, Config(@namespace, key, stored)) : null;
        }
        catch (AcmException e)
        {
            return new ConfigResult(key, e);
        }
    }

    private static AcmConfig Config(string @namespace, ConfigKey key, StoredConfig stored) => ConfigFactory.FromFile(@namespace, key, stored, ConfigSource.Failover, warning: null);
}
