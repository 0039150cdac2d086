using System.Runtime.CompilerServices;
using Acm.Client.Calls;

namespace Acm.Client.Transfer;

/// <summary>
/// Reads many configurations, each in its turn and with a bounded number of them in memory: in batches where the servers have batch get, else one by one.
/// </summary>
internal sealed class ConfigFetcher
{
    /// <summary>Enough to hide the latency of a server; more would only hold more content in memory.</summary>
    private const int BatchesAtOnce = 4;

    /// <summary>Answers that may wait for a slow one before them, in terms of the requests in flight.</summary>
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

    /// <summary>One result a key, in their order.</summary>
    public async IAsyncEnumerable<ConfigResult> ReadAsync(IReadOnlyList<ConfigKey> keys, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int next = 0;
        if (_client.Capabilities.BatchGet is null && keys.Count > 1)
        {
            // One batch finds out: where the servers have no batch get, each would fall apart into single reads.
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
            // Who stops reading must not leave requests behind.
            ending.Cancel();
            await Task.WhenAll(inFlight.Select(Settled)).ConfigureAwait(false);
        }
    }

    private static ConfigKey[] Slice(IReadOnlyList<ConfigKey> keys, int start, int count)
    {
        var some = new ConfigKey[count];
        for (int i = 0; i < count; i++) some[i] = keys[start + i];
        return some;
    }

    /// <summary>Ends when the task does. Its failure is of no interest: another one's was thrown already, or nobody reads on.</summary>
    private static Task Settled(Task task) =>
        task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
