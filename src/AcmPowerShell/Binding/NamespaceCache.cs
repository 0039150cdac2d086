using System.Diagnostics;
using Acm.Client;

namespace AcmPowerShell;

/// <summary>The namespaces that a server lists, for tab completion: read in the background, and offered after that for as long as no newer ones have come. Thread-safe.</summary>
/// <param name="clock">Source of time.</param>
internal sealed class NamespaceCache(TimeProvider clock)
{
    /// <summary>For how long after its end a reading is as good as new, one that failed too.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    /// <summary>How long a reading may go on after the user's patience: its result serves the next press of Tab.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();
    private Task? _reading;
    private long _ended;
    private volatile IReadOnlyList<ConfigNamespace> _found = [];

    /// <summary>Returns the namespaces: new ones, or those that were read before where no new ones come within the patience.</summary>
    /// <param name="client">Reads them.</param>
    /// <param name="patience">How long to wait for new ones.</param>
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
        using var limit = new CancellationTokenSource(Longest);
        try
        {
            _found = await client.GetNamespacesAsync(cancellationToken: limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AcmException or OperationCanceledException or ObjectDisposedException)
        {
            // The server keeps no list, or does not show it to this user: a press of Tab is no place for an error.
            Debug.WriteLine(e);
        }
        finally
        {
            Volatile.Write(ref _ended, clock.GetTimestamp());
        }
    }
}
