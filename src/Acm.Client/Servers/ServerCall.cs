using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>The state of one call: its limits, the servers it tried, and their failures.</summary>
internal sealed class ServerCall
{
    private readonly List<ServerAddress> _triedThisRound = new(1);
    private readonly List<AcmException> _failures = [];
    private int _busyAnswers;
    private ServerAddress? _last;
    private ServerAddress? _stayOn;

    public ServerCall(ServerOperation operation, TimeSpan tryTimeout, TimeSpan totalTimeout, long started, CallLog log)
    {
        Operation = operation;
        TryTimeout = tryTimeout;
        TotalTimeout = totalTimeout;
        Started = started;
        Log = log;
    }

    public ServerOperation Operation { get; }

    /// <summary>Gets the configuration that the call is about; null if it is about none in particular.</summary>
    public ConfigKey? Key => Operation.Key;

    public TimeSpan TryTimeout { get; }

    public TimeSpan TotalTimeout { get; }

    /// <summary>Gets when the call started, as a timestamp of the clock.</summary>
    public long Started { get; }

    public CallLog Log { get; }

    public IReadOnlyList<AcmException> Failures => _failures;

    /// <summary>Gets whether a server reported that its cluster has no leader.</summary>
    public bool WaitsForLeader => _failures.Exists(failure => failure.WaitsForLeader);

    public ServerAddress NextServer(ServerList servers)
    {
        ServerAddress server = _stayOn ?? servers.Pick(_triedThisRound);
        _stayOn = null;
        _triedThisRound.Add(server);
        _last = server;
        return server;
    }

    /// <summary>Records a failed try and returns whether to retry.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="maxTries">Maximum number of tries of the call.</param>
    public bool NoteFailure(AcmException error, int maxTries)
    {
        _failures.Add(error);
        if (error.IsBusy)
        {
            // The configuration is temporarily locked: another server would report the same.
            _stayOn = _last;
            return ++_busyAnswers <= CallTries.BusyRetries;
        }

        return !error.IsFinal && _failures.Count - _busyAnswers < maxTries;
    }

    /// <summary>Returns the delay before the next try: at most 10 ms before a server not yet tried, longer before each new round.</summary>
    public TimeSpan NextDelay(int serverCount, Func<double> random)
    {
        if (_stayOn is not null) return Between(CallTries.ShortestBusyDelay, CallTries.LongestBusyDelay, random());

        int round = (_failures.Count - 1) / Math.Max(1, serverCount);
        bool newRound = _failures.Count % Math.Max(1, serverCount) == 0;
        if (!newRound) return TimeSpan.FromMilliseconds(10 * random());

        var longest = TimeSpan.FromMilliseconds(Math.Min(2000, 200 * Math.Pow(2, round)));
        return Between(TimeSpan.FromTicks(longest.Ticks / 2), longest, random());
    }

    private static TimeSpan Between(TimeSpan shortest, TimeSpan longest, double part) =>
        TimeSpan.FromTicks(shortest.Ticks + (long)((longest - shortest).Ticks * part));
}
