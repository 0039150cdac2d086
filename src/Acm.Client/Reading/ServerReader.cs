using System.Collections.Concurrent;
using Acm.Client.Calls;
using Acm.Client.Protocol;
using Acm.Client.Servers;

namespace Acm.Client.Reading;

/// <summary>Reads from the servers: a single key in its own request, several in batches if the servers support them.</summary>
internal sealed class ServerReader : IConfigReader
{
    /// <summary>After this many reads without an answer, and none with one, the remaining keys of a batch fail at once instead of each timing out.</summary>
    private const int MostUnanswered = 4;

    /// <summary>Maximum number of cached read operations: scripts read a few keys repeatedly.</summary>
    private const int MostRemembered = 1000;

    private readonly ConcurrentDictionary<(string Namespace, ConfigKey Key, bool IsDetailed), ServerOperation<ServerRead>> _gets = new();
    private readonly ServerPool _pool;
    private readonly IConfigProtocol _protocol;
    private readonly ServerCapabilities _capabilities;

    public ServerReader(ServerPool pool, IConfigProtocol protocol, ServerCapabilities capabilities)
    {
        _pool = pool;
        _protocol = protocol;
        _capabilities = capabilities;
    }

    public async ValueTask<AcmConfig> GetAsync(string @namespace, ConfigKey key, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        // Transfers and comparisons need the stored value with all its metadata.
        ServerOperation<ServerRead> get = call?.NoFailover == true ? _protocol.GetStored(@namespace, key)
            : Get(@namespace, key, call?.WithMetadata == true);
        ServerRead read = await _pool.RunAsync(get, call, cancellationToken).ConfigureAwait(false);
        return ConfigFactory.FromServer(@namespace, key, read.Value ?? throw ConfigErrors.NotFound(@namespace, key, read.Evidence));
    }

    public async Task<ConfigResult[]> GetManyAsync(string @namespace, IReadOnlyList<ConfigKey> keys, int parallelism, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        var results = new ConfigResult[keys.Count];
        using var room = new SemaphoreSlim(parallelism);
        IEnumerable<Task> chunks = Chunks(keys).Select(chunk => ReadChunkAsync(chunk));
        await Task.WhenAll(chunks).ConfigureAwait(false);
        return results;

        async Task ReadChunkAsync(List<int> places)
        {
            List<int> singly = places;
            var answers = new Answers();
            if (places.Count > 1 && _capabilities.Has(Capability.BatchGet) != false)
                singly = await room.UseAsync(() => ReadBatchAsync(@namespace, keys, places, results, answers, call, cancellationToken), cancellationToken).ConfigureAwait(false);

            await Task.WhenAll(singly.Select(async place => results[place] = await room.UseAsync(() => ReadOneAsync(keys[place], answers), cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }

        async Task<ConfigResult> ReadOneAsync(ConfigKey key, Answers answers)
        {
            if (answers.NobodyAnswers is { } error) return new ConfigResult(key, error.About(key, answers.Subject));

            try
            {
                AcmConfig config = await GetAsync(@namespace, key, call, cancellationToken).ConfigureAwait(false);
                answers.Note(error: null);
                return new ConfigResult(key, config);
            }
            catch (AcmException e)
            {
                answers.Note(e);
                return new ConfigResult(key, e);
            }
        }
    }

    private ServerOperation<ServerRead> Get(string @namespace, ConfigKey key, bool isDetailed)
    {
        if (_gets.TryGetValue((@namespace, key, isDetailed), out ServerOperation<ServerRead>? known)) return known;

        if (_gets.Count >= MostRemembered) _gets.Clear();
        return _gets[(@namespace, key, isDetailed)] = isDetailed ? _protocol.GetDetailed(@namespace, key) : _protocol.Get(@namespace, key);
    }

    /// <summary>Splits the keys by group into batches of at most <see cref="IConfigProtocol.MaxBatchSize"/>, and returns their indexes.</summary>
    private IEnumerable<List<int>> Chunks(IReadOnlyList<ConfigKey> keys)
    {
        foreach (IGrouping<string, int> group in Enumerable.Range(0, keys.Count).GroupBy(i => keys[i].Group, StringComparer.Ordinal))
        {
            var chunk = new List<int>();
            foreach (int place in group)
            {
                chunk.Add(place);
                if (chunk.Count < _protocol.MaxBatchSize) continue;

                yield return chunk;
                chunk = [];
            }

            if (chunk.Count > 0) yield return chunk;
        }
    }

    /// <summary>Reads one batch and returns the indexes that must be read individually.</summary>
    private async Task<List<int>> ReadBatchAsync(string @namespace, IReadOnlyList<ConfigKey> keys, List<int> places, ConfigResult[] results, Answers answers, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        ConfigKey[] asked = [.. places.Select(place => keys[place])];
        ServerOperation<IReadOnlyList<ServerRead?>?> operation = _protocol.BatchGet(@namespace, asked[0].Group, asked);
        answers.Subject = operation.Subject;
        IReadOnlyList<ServerRead?>? items;
        try
        {
            items = await _pool.RunAsync(operation, call, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.InvalidResponse)
        {
            // The response was too large or corrupted; each key may still be readable individually.
            return places;
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.ServerUnavailable && e.OutcomeUnknown)
        {
            // The server failed while processing the batch: one key may be the cause, and the others may be readable.
            answers.BatchError = e;
            return places;
        }
        catch (AcmException e)
        {
            foreach (int place in places) results[place] = new ConfigResult(keys[place], e.About(keys[place], operation.Subject));
            return [];
        }

        _capabilities.Note(Capability.BatchGet, isThere: items is not null);
        if (items is null) return places;

        var singly = new List<int>();
        for (int i = 0; i < places.Count; i++)
        {
            if (items[i] is { } read) results[places[i]] = Result(@namespace, asked[i], read);
            else singly.Add(places[i]);
        }

        return singly;
    }

    private static ConfigResult Result(string @namespace, ConfigKey key, ServerRead read) => read.Value is { } value
        ? new ConfigResult(key, ConfigFactory.FromServer(@namespace, key, value))
        : new ConfigResult(key, ConfigErrors.NotFound(@namespace, key, read.Evidence));

    /// <summary>Tracks the results of the individual reads that replace a failed batch.</summary>
    private sealed class Answers
    {
        private int _unanswered;
        private bool _isAnswered;

        /// <summary>Gets or sets the batch as error messages name it; null if there was none.</summary>
        public string? Subject { get; set; }

        /// <summary>Gets or sets why the batch as a whole was not answered; null if it was.</summary>
        public AcmException? BatchError { get; set; }

        /// <summary>Gets why further reads are pointless; null while they may succeed.</summary>
        public AcmException? NobodyAnswers => Volatile.Read(ref _unanswered) >= MostUnanswered && !Volatile.Read(ref _isAnswered) ? BatchError : null;

        public void Note(AcmException? error)
        {
            if (error is { Kind: AcmErrorKind.ServerUnavailable or AcmErrorKind.Timeout }) Interlocked.Increment(ref _unanswered);
            else Volatile.Write(ref _isAnswered, true);
        }
    }
}
