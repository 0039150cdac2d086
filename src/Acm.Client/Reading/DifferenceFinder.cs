using Acm.Client.Calls;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Reading;

/// <summary>Finds which of many keys have a different value on the servers, in batches, several of them in parallel.</summary>
internal sealed class DifferenceFinder
{
    private const int PartsInFlight = 4;

    private readonly ServerPool _pool;
    private readonly IConfigProtocol _protocol;
    private readonly int _batchSize;

    public DifferenceFinder(ServerPool pool, IConfigProtocol protocol, int batchSize)
    {
        _pool = pool;
        _protocol = protocol;
        _batchSize = batchSize;
    }

    /// <summary>Returns the keys that differ, in input order.</summary>
    public async Task<IReadOnlyList<ConfigKey>> FindAsync(string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var room = new SemaphoreSlim(PartsInFlight);
        var parts = new List<Task<IReadOnlyList<ConfigKey>>>();
        for (int start = 0; start < known.Count; start += _batchSize)
        {
            int first = start;
            parts.Add(room.UseAsync(() => FindPartAsync(first), ending.Token));
        }

        IReadOnlyList<ConfigKey>[] answers = await Task.WhenAll(parts).ConfigureAwait(false);
        var differing = new HashSet<ConfigKey>(answers.SelectMany(keys => keys));
        return [.. known.Select(pair => pair.Key).Where(differing.Remove)];

        async Task<IReadOnlyList<ConfigKey>> FindPartAsync(int start)
        {
            try
            {
                KeyValuePair<ConfigKey, string?>[] part = [.. known.Skip(start).Take(_batchSize).Select(pair => new KeyValuePair<ConfigKey, string?>(pair.Key, pair.Value?.ToLowerInvariant()))];
                return await _pool.RunAsync(_protocol.FindDifferences(@namespace, part), call, ending.Token).ConfigureAwait(false);
            }
            catch
            {
                // One failed batch fails the call: the remaining ones are not sent.
                ending.Cancel();
                throw;
            }
        }
    }
}
