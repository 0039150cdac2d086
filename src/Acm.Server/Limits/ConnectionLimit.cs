using Microsoft.AspNetCore.Connections;

namespace Acm.Server.Limits;

/// <summary>
/// Limits the number of open connections. Connections beyond the limit are closed immediately: a process that runs out of
/// descriptors cannot accept connections, read its data file or start threads, and crashes.
/// </summary>
internal sealed class ConnectionLimit(int most, TimeProvider clock, ILogger log)
{
    private const int DefaultLimit = 20_000;
    private const int MinLimit = 16;

    // The runtime, the data file and its readers use fewer than 200 descriptors.
    private const int LeastReserve = 200;

    private static readonly TimeSpan WarnEvery = TimeSpan.FromMinutes(1);

    private long _lastWarning;
    private int _open;

    /// <summary>Gets the maximum number of connections for long polls.</summary>
    public int MaxPolls { get; } = most - (most / 8);

    /// <summary>Returns the default limit for a process with this descriptor limit, a quarter of which is reserved.</summary>
    /// <param name="descriptors">The descriptor limit of the process; null for none.</param>
    public static int Within(long? descriptors) =>
        descriptors is { } limit ? (int)Math.Clamp(limit - Math.Max(limit / 4, LeastReserve), MinLimit, DefaultLimit) : DefaultLimit;

    /// <summary>Returns the highest limit that can be configured with this descriptor limit.</summary>
    /// <param name="descriptors">The descriptor limit of the process; null for none.</param>
    public static int Largest(long? descriptors) =>
        descriptors is { } limit ? (int)Math.Clamp(limit - LeastReserve, MinLimit, int.MaxValue) : int.MaxValue;

    /// <summary>Accepts a connection, or closes it.</summary>
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

        // Only one of several concurrent rejections logs the warning.
        if (Interlocked.CompareExchange(ref _lastWarning, now, last) != last) return;

        log.LogWarning("{Count} connections are open, which is the limit; new ones are refused. Raise the limit with --max-connections.", most);
    }
}
