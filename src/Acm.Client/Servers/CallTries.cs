using Acm.Client.Calls;
using Acm.Client.Protocol;

namespace Acm.Client.Servers;

/// <summary>Retries calls: decides which failures are retried, after which delay, how often, and when the total time-out ends the call.</summary>
internal sealed class CallTries
{
    /// <summary>Minimum number of tries of a call; larger lists of servers have one try per server.</summary>
    public const int MinTries = 3;

    /// <summary>Number of retries when a server reports that a configuration is temporarily locked.</summary>
    public const int BusyRetries = 3;

    public static readonly TimeSpan ShortestBusyDelay = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan LongestBusyDelay = TimeSpan.FromMilliseconds(200);

    private readonly ServerList? _servers;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;

    /// <param name="clock">Source of time.</param>
    /// <param name="servers">The servers that tries rotate through; null for a single service.</param>
    /// <param name="random">Source of jitter: numbers from 0 to 1.</param>
    public CallTries(TimeProvider clock, ServerList? servers, Func<double> random)
    {
        _clock = clock;
        _servers = servers;
        _random = random;
    }

    /// <summary>Starts a call and its total time-out.</summary>
    public ServerCall Begin(ServerOperation operation, TimeSpan tryTimeout, TimeSpan totalTimeout, CallLog log) =>
        new(operation, tryTimeout, totalTimeout, _clock.GetTimestamp(), log);

    /// <summary>Runs tries until one succeeds or the limits are reached. A try throws <see cref="TimeLimitException"/> if the total time-out ended.</summary>
    /// <exception cref="AcmException">Every try failed, or the call timed out.</exception>
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

    /// <summary>Runs the preparation of a try within the call's total time-out. Work that ignores its token is abandoned then.</summary>
    /// <exception cref="TimeLimitException">The call timed out.</exception>
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

    /// <summary>Returns the remaining time of a call, at least zero.</summary>
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

    /// <summary>Returns the delay before the next try. A single service's Retry-After is honored here; <see cref="ServerList"/> does so for lists of servers.</summary>
    private TimeSpan NextPause(ServerCall call, AcmException failure)
    {
        TimeSpan pause = call.NextDelay(ServerCount, _random);
        return _servers is null && failure.RetryAfter is { } asked && asked > pause ? asked : pause;
    }

    private int ServerCount => _servers?.Count ?? 1;

    /// <summary>
    /// Returns the maximum number of tries. If all servers have timed out before, a call tries only once: offline, each key would otherwise wait for many time-outs before its snapshot is used. A login that a starting
    /// server rejects is retried until the failure is final, and a write during a leader election for as long as the call has time.
    /// </summary>
    private int MaxTries(ServerCall call, AcmException error) => error.Kind switch
    {
        AcmErrorKind.Timeout when _servers?.AllRest() == true => 1,
        AcmErrorKind.AuthenticationFailed => int.MaxValue,
        _ when error.WaitsForLeader || call.WaitsForLeader => int.MaxValue,
        _ => Math.Max(MinTries, ServerCount),
    };
}
