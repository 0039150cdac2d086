using System.Collections.Concurrent;
using System.Diagnostics;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>One reading of the keys of a namespace, in the background. What came by now can be looked at at any time.</summary>
internal sealed class KeyReading
{
    /// <summary>How long it may go on after the user's patience: its result serves the next press of Tab, and a list on a slow line has many pages.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

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

    /// <summary>Whether all keys came, or as many as are kept.</summary>
    internal bool IsWhole => _isWhole;

    /// <summary>Whether it has ended, and how long ago.</summary>
    internal bool IsOlderThan(TimeSpan age) => _work.IsCompleted && _clock.GetElapsedTime(Volatile.Read(ref _ended)) >= age;

    internal void Wait(TimeSpan patience) => _work.Wait(patience);

    private async Task ReadAsync(AcmClient client)
    {
        using var limit = new CancellationTokenSource(Longest);
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
            // A press of Tab is no place for an error; what came is offered.
            Debug.WriteLine(e);
        }
        finally
        {
            Volatile.Write(ref _ended, _clock.GetTimestamp());
        }
    }
}
