using System.Collections.Concurrent;
using System.Diagnostics;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Reads the keys of a namespace in the background. The keys that have arrived are available at any time.</summary>
internal sealed class KeyReading
{
    /// <summary>Time limit. It exceeds the wait of one completion, because the next one can use the result and a long list has many pages.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _clock;
    private readonly Task _work;
    private long _ended;
    private volatile bool _isWhole;

    internal KeyReading(AcmClient client, TimeProvider clock)
    {
        _clock = clock;
        _work = Task.Run(() => ReadAsync(client));
    }

    internal ConcurrentQueue<ConfigItem> Items { get; } = new();

    /// <summary>Gets whether all keys arrived, or as many as are cached.</summary>
    internal bool IsWhole => _isWhole;

    /// <summary>Returns whether it was completed at least the given time ago.</summary>
    internal bool IsOlderThan(TimeSpan age) => _work.IsCompleted && _clock.GetElapsedTime(Volatile.Read(ref _ended)) >= age;

    internal void Wait(TimeSpan patience) => _work.Wait(patience);

    private async Task ReadAsync(AcmClient client)
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            client = await client.FindNamespaceAsync(cancellationToken: limit.Token).ConfigureAwait(false);
            await foreach (ConfigItem item in client.ListAsync(cancellationToken: limit.Token).ConfigureAwait(false))
            {
                Items.Enqueue(item);
                if (Items.Count >= KeyCache.MostKeys) break;
            }

            _isWhole = true;
        }
        catch (Exception e) when (e is AcmException or OperationCanceledException or ObjectDisposedException)
        {
            // Tab completion reports no errors; it offers the keys that arrived.
            Debug.WriteLine(e);
        }
        finally
        {
            Volatile.Write(ref _ended, _clock.GetTimestamp());
        }
    }
}
