using Acm.Client.Calls;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>The resilience of every call, in one place: which failures are tried again, after which pause, how often, and when the time for all of it ends.</summary>
internal sealed class CallTries
{
    /// <summary>A call has this many tries, or as many as there are servers where they are more.</summary>
    public const int MinTries = 3;

    /// <summary>How often a server that holds a configuration for a moment is asked again.</summary>
    public const int BusyRetries = 3;

    public static readonly TimeSpan ShortestBusyDelay = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan LongestBusyDelay = TimeSpan.FromMilliseconds(200);

    private readonly ServerList? _servers;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;

    /// <param name="clock">Source of time.</param>
    /// <param name="servers">The servers that the tries go round; null where there is but one.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    public CallTries(TimeProvider clock, ServerList? servers, Func<double> random)
    {
        _clock = clock;
        _servers = servers;
        _random = random;
    }

    /// <summary>Begins a call: its time runs from now on.</summary>
    public ServerCall Begin(ServerOperation operation, TimeSpan tryTimeout, TimeSpan totalTimeout, CallLog log) =>
        new(operation, tryTimeout, totalTimeout, _clock.GetTimestamp(), log);

    /// <summary>Makes tries until one succeeds, as often as the rules allow. A try that throws <see cref="TimeLimitException"/> says that the time of the whole call ended.</summary>
    /// <exception cref="AcmException">Every try failed, or the time for all of them ended.</exception>
    public async ValueTask<T> RunAsync<T>(ServerCall call, Func<ServerCall, CancellationToken, ValueTask<T>> tryAsync, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await tryAsync(call, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeLimitException e)
            {
                throw CallFailure.OutOfTime(call, e, e.WasUnderWay);
            }
            catch (AcmException e) when (call.NoteFailure(e, MaxTries(call, e)))
            {
                await PauseAsync(call, e, cancellationToken).ConfigureAwait(false);
            }
            catch (AcmException e) when (call.Failures.Count > 1 || (e.Key is null && call.Key is not null))
            {
                throw CallFailure.AfterAllTries(call, e);
            }
        }
    }

    /// <summary>Does what a try needs before a server is asked, as long as the call has time. Work that does not heed its token is left behind then.</summary>
    /// <exception cref="TimeLimitException">The time of the call ended.</exception>
    public async ValueTask<T> PrepareAsync<T>(ServerCall call, Func<CallLog, CancellationToken, ValueTask<T>> prepare, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ValueTask<T> work = prepare(call.Log, ending.Token);
        if (work.IsCompleted) return await work.ConfigureAwait(false);

        Task<T> task = work.AsTask();
        try
        {
            return await task.WaitAsync(Left(call), _clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e) when (task.Exception?.InnerException != e)
        {
            throw new TimeLimitException(e, wasUnderWay: false);
        }
        finally
        {
            ending.Cancel();
        }
    }

    /// <summary>What is left of the time of a call; never less than nothing.</summary>
    public TimeSpan Left(ServerCall call)
    {
        TimeSpan left = call.TotalTimeout - _clock.GetElapsedTime(call.Started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task PauseAsync(ServerCall call, AcmException failure, CancellationToken cancellationToken)
    {
        TimeSpan pause = NextPause(call, failure);
        if (call.Log.IsEnabled(AcmLogLevel.Verbose)) call.Log.Write(AcmLogLevel.Verbose, $"{failure.Message} Trying again in {pause.TotalMilliseconds:0} ms.");

        TimeSpan left = Left(call);
        await _clock.PauseAsync(pause < left ? pause : left, cancellationToken).ConfigureAwait(false);
        if (pause >= left) throw CallFailure.OutOfTime(call, failure, wasUnderWay: false);
    }

    /// <summary>A list of servers keeps the pauses that servers ask for; a single service has none.</summary>
    private TimeSpan NextPause(ServerCall call, AcmException failure)
    {
        TimeSpan pause = call.NextDelay(ServerCount, _random);
        return _servers is null && failure.RetryAfter is { } asked && asked > pause ? asked : pause;
    }

    private int ServerCount => _servers?.Count ?? 1;

    /// <summary>
    /// Servers that hung and hang on are waited for once a call, or reading snapshots off the network would take many tries' time a key. A login that a starting server refuses is tried until it is final,
    /// and a write while the servers elect a leader as long as the call has time.
    /// </summary>
    private int MaxTries(ServerCall call, AcmException error) => error.Kind switch
    {
        AcmErrorKind.Timeout when _servers?.AllRest() == true => 1,
        AcmErrorKind.AuthenticationFailed => int.MaxValue,
        _ when error.WaitsForLeader || call.WaitsForLeader => int.MaxValue,
        _ => Math.Max(MinTries, ServerCount),
    };
}
