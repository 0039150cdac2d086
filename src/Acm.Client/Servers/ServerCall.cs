using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>One call in progress: its limits, the servers it tried, and what each of them said.</summary>
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

    /// <summary>The configuration that the call is about; null where it is about none in particular.</summary>
    public ConfigKey? Key => Operation.Key;

    public TimeSpan TryTimeout { get; }

    public TimeSpan TotalTimeout { get; }

    /// <summary>When its time began, as the clock counts.</summary>
    public long Started { get; }

    public CallLog Log { get; }

    public IReadOnlyList<AcmException> Failures => _failures;

    /// <summary>Whether a server had no leader.</summary>
    public bool WaitsForLeader => _failures.Exists(failure => failure.WaitsForLeader);

    public ServerAddress NextServer(ServerList servers)
    {
        ServerAddress server = _stayOn ?? servers.Pick(_triedThisRound);
        _stayOn = null;
        _triedThisRound.Add(server);
        _last = server;
        return server;
    }

    /// <summary>Notes how a try failed, and says whether to try again.</summary>
    /// <param name="error">The failure.</param>
    /// <param name="maxTries">How many tries the call may have.</param>
    public bool NoteFailure(AcmException error, int maxTries)
    {
        _failures.Add(error);
        if (error.IsBusy)
        {
            // The server holds the configuration for a moment: another one would say the same.
            _stayOn = _last;
            return ++_busyAnswers <= CallTries.BusyRetries;
        }

        return !error.IsFinal && _failures.Count - _busyAnswers < maxTries;
    }

    /// <summary>How long to wait before the next try: nothing to speak of before a server that was not asked yet, longer before each new round.</summary>
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
