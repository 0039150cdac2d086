using System.Diagnostics;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>Caches the namespaces of a server for tab completion. They are read in the background, and stale ones are used until newer ones arrive. Thread-safe.</summary>
/// <param name="clock">The time provider.</param>
internal sealed class NamespaceCache(TimeProvider clock)
{
    /// <summary>Time for which a completed or failed reading is fresh.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>Time limit of a reading. It exceeds the wait of one completion, because the next one can use the result.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();
    private Task? _reading;
    private long _ended;
    private volatile IReadOnlyList<ConfigNamespace> _found = [];

    /// <summary>Returns the namespaces: fresh ones, or those of an earlier reading if no fresh ones arrive in time.</summary>
    /// <param name="client">The client for the server.</param>
    /// <param name="patience">The time to wait for fresh ones.</param>
    internal IReadOnlyList<ConfigNamespace> Get(AcmClient client, TimeSpan patience)
    {
        Task reading;
        lock (_gate)
        {
            if (_reading is null || (_reading.IsCompleted && clock.GetElapsedTime(Volatile.Read(ref _ended)) >= Age)) _reading = Task.Run(() => ReadAsync(client));
            reading = _reading;
        }

        reading.Wait(patience);
        return _found;
    }

    private async Task ReadAsync(AcmClient client)
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            _found = await client.GetNamespacesAsync(cancellationToken: limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AcmException or OperationCanceledException or ObjectDisposedException)
        {
            // The server has no list or denies access to it. Tab completion reports no errors.
            Debug.WriteLine(e);
        }
        finally
        {
            Volatile.Write(ref _ended, clock.GetTimestamp());
        }
    }
}
