using Acm.Client;

namespace AcmPowerShell;

/// <summary>
/// Reads keys as they arrive. If the servers support batch get, the keys of a group are collected until a batch is full or
/// <see cref="GatherTime"/> has passed; otherwise each key takes a request. At most <paramref name="parallelism"/> requests are in flight.
/// </summary>
internal sealed class ConfigReader(AcmClient client, AcmCallOptions call, int parallelism, CancellationToken cancellationToken) : IDisposable
{
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(20);

    private readonly object _gate = new();
    private readonly Dictionary<string, List<Waiting>> _gathering = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _requests = new(parallelism);

    // Until it is known whether the servers support batch get, only one batch is sent at a time, because an unsupported one becomes single reads.
    private readonly SemaphoreSlim _probe = new(1);
    private Timer? _timer;

    /// <summary>Gets the maximum number of keys in flight.</summary>
    internal int Capacity => Gathers ? parallelism * client.Capabilities.MaxBatchSize : parallelism;

    private bool Gathers => parallelism > 1 && client.Capabilities.BatchGet != false;

    /// <summary>Reads a key.</summary>
    /// 
    internal Task<AcmConfig> ReadAsync(ConfigKey key)
    {
        if (!Gathers) return ReadOneAsync(key);

        var waiting = new Waiting(key);
        List<Waiting>? full = null;
        lock (_gate)
        {
            if (!_gathering.TryGetValue(key.Group, out List<Waiting>? batch)) _gathering[key.Group] = batch = [];
            batch.Add(waiting);
            if (batch.Count >= client.Capabilities.MaxBatchSize)
            {
                full = batch;
                _gathering.Remove(key.Group);
            }
            else if (_timer is null)
            {
                _timer = new Timer(_ => Flush(), null, GatherTime, Timeout.InfiniteTimeSpan);
            }
        }

        if (full is not null) Send(full);
        return waiting.Task;
    }

    /// <summary>Sends the collected keys without waiting for more.</summary>
    internal void Flush()
    {
        List<Waiting>[] batches;
        lock (_gate)
        {
            batches = [.. _gathering.Values];
            _gathering.Clear();
            _timer?.Dispose();
            _timer = null;
        }

        foreach (List<Waiting> batch in batches) Send(batch);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
            _timer = null;
            foreach (Waiting waiting in _gathering.Values.SelectMany(b => b)) waiting.TrySetCanceled();
            _gathering.Clear();
        }
    }

    private async Task<AcmConfig> ReadOneAsync(ConfigKey key)
    {
        await _requests.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await client.GetAsync(key, call, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _requests.Release();
        }
    }

    // Every outcome, including an exception, completes the waiting tasks.
    private async void Send(List<Waiting> batch)
    {
        try
        {
            if (batch.Count == 1)
                await SendOneAsync(batch[0]).ConfigureAwait(false);
            else if (client.Capabilities.BatchGet is null)
                await SendProbingAsync(batch).ConfigureAwait(false);
            else
                await SendBatchAsync(batch).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            foreach (Waiting waiting in batch) waiting.TrySetCanceled();
        }
        catch (Exception e)
        {
            foreach (Waiting waiting in batch) waiting.TrySetException(e);
        }
    }

    private async Task SendOneAsync(Waiting waiting)
    {
        try
        {
            waiting.TrySetResult(await ReadOneAsync(waiting.Key).ConfigureAwait(false));
        }
        catch (AcmException e)
        {
            waiting.TrySetException(e);
        }
    }

    private async Task SendProbingAsync(List<Waiting> batch)
    {
        await _probe.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (client.Capabilities.BatchGet is null)
            {
                await SendBatchAsync(batch).ConfigureAwait(false);
                return;
            }
        }
        finally
        {
            _probe.Release();
        }

        await SendBatchAsync(batch).ConfigureAwait(false);
    }

    private async Task SendBatchAsync(List<Waiting> batch)
    {
        if (client.Capabilities.BatchGet == false)
        {
            await Task.WhenAll(batch.Select(SendOneAsync)).ConfigureAwait(false);
            return;
        }

        await _requests.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            IReadOnlyList<ConfigResult> results =
                await client.GetManyAsync([.. batch.Select(w => w.Key)], parallelism, call, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < batch.Count; i++)
            {
                if (results[i].Config is { } config) batch[i].TrySetResult(config);
                else batch[i].TrySetException(results[i].Error!);
            }
        }
        finally
        {
            _requests.Release();
        }
    }

    private sealed class Waiting(ConfigKey key) : TaskCompletionSource<AcmConfig>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        internal ConfigKey Key => key;
    }
}
