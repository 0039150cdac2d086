using Microsoft.AspNetCore.Connections;

namespace Acm.Server.Limits;

/// <summary>
/// How many connections are open at once, over all addresses. A new one beyond that is closed at once: a process that runs out of
/// descriptors cannot accept, read its data file or start a thread, and dies.
/// </summary>
internal sealed class ConnectionLimit(int most, TimeProvider clock, ILogger log)
{
    private const int DefaultMost = 20_000;
    private const int LeastMost = 16;

    // The runtime, the data file and its readers use under 200; a small limit is shared in other proportions than a large one.
    private const int LeastReserve = 200;

    private static readonly TimeSpan WarnEvery = TimeSpan.FromMinutes(1);

    private long _lastWarning;
    private int _open;

    /// <summary>How many of them may be long polls.</summary>
    public int MostPolls { get; } = most - (most / 8);

    /// <summary>What a process may accept that may open so many files: a quarter of them is left for everything else.</summary>
    /// <param name="descriptors">The limit of the system; null for none.</param>
    public static int Within(long? descriptors) =>
        descriptors is { } limit ? (int)Math.Clamp(limit - Math.Max(limit / 4, LeastReserve), LeastMost, DefaultMost) : DefaultMost;

    /// <summary>The most that can be set where a process may open so many files.</summary>
    /// <param name="descriptors">The limit of the system; null for none.</param>
    public static int Largest(long? descriptors) =>
        descriptors is { } limit ? (int)Math.Clamp(limit - LeastReserve, LeastMost, int.MaxValue) : int.MaxValue;

    /// <summary>Passes a connection on, or closes it.</summary>
    public async Task AcceptAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (Interlocked.Increment(ref _open) > most)
        {
            Interlocked.Decrement(ref _open);
            connection.Abort();
            Warn();
            return;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private void Warn()
    {
        long now = clock.GetTimestamp();
        long last = Volatile.Read(ref _lastWarning);
        if (last != 0 && clock.GetElapsedTime(last, now) < WarnEvery) return;

        // Of many refusals at once one is told.
        if (Interlocked.CompareExchange(ref _lastWarning, now, last) != last) return;

        log.LogWarning("{Count} connections are open, which is the limit; new ones are refused. Raise the limit with --max-connections.", most);
    }
}
