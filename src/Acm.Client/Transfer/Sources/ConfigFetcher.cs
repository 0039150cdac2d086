using System.Runtime.CompilerServices;
using Acm.Client.Calls;

namespace Acm.Client.Transfer;

/// <summary>
/// Reads many configurations in order, with a limited number in memory: in batches if the servers support them, otherwise individually.
/// </summary>
internal sealed class ConfigFetcher
{
    /// <summary>Number of parallel batches: enough to hide the latency of a server without keeping more content in memory.</summary>
    private const int BatchesAtOnce = 4;

    /// <summary>Number of results, per parallel request, that may wait for a slower one before them.</summary>
    private const int AnswersAhead = 4;

    private readonly AcmClient _client;
    private readonly AcmCallOptions _call;
    private readonly int _parallelism;

    public ConfigFetcher(AcmClient client, AcmCallOptions call, int parallelism)
    {
        _client = client;
        _call = call;
        _parallelism = parallelism;
    }

    /// <summary>Returns one result per key, in order.</summary>
    public async IAsyncEnumerable<ConfigResult> ReadAsync(IReadOnlyList<ConfigKey> keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int next = 0;
        if (_client.Capabilities.BatchGet is null && keys.Count > 1)
        {
            // The first batch determines whether the servers support batches.
            next = Math.Min(keys.Count, _client.Capabilities.MaxBatchSize);
            IReadOnlyList<ConfigResult> first = await _client.GetManyAsync(Slice(keys, 0, next), _parallelism, _call, cancellationToken).ConfigureAwait(false);
            foreach (ConfigResult result in first) yield return result;
        }

        bool inBatches = _client.Capabilities.BatchGet == true;
        int size = inBatches ? _client.Capabilities.MaxBatchSize : 1;
        int atOnce = inBatches ? Math.Min(BatchesAtOnce, _parallelism) : _parallelism;
        int ahead = inBatches ? atOnce : AnswersAhead * atOnce;

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var room = new SemaphoreSlim(atOnce);
        var inFlight = new Queue<Task<IReadOnlyList<ConfigResult>>>();
        try
        {
            while (true)
            {
                while (inFlight.Count < ahead && next < keys.Count)
                {
                    ConfigKey[] some = Slice(keys, next, Math.Min(size, keys.Count - next));
                    next += some.Length;
                    inFlight.Enqueue(room.UseAsync(() => _client.GetManyAsync(some, Math.Max(1, _parallelism / atOnce), _call, ending.Token), ending.Token));
                }

                if (inFlight.Count == 0) yield break;

                foreach (ConfigResult result in await inFlight.Dequeue().ConfigureAwait(false)) yield return result;
            }
        }
        finally
        {
            // No request may outlive the enumeration.
            ending.Cancel();
            await Task.WhenAll(inFlight.Select(batch => batch.Settled())).ConfigureAwait(false);
        }
    }

    private static ConfigKey[] Slice(IReadOnlyList<ConfigKey> keys, int start, int count)
    {
        var some = new ConfigKey[count];
        for (int i = 0; i < count; i++) some[i] = keys[start + i];
        return some;
    }
}
