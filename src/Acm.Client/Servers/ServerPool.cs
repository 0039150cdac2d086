using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Text;

namespace Acm.Client.Servers;

/// <summary>
/// Runs operations on the servers: tries the next server when one fails, and records their health. The failure decides whether another server is tried
/// (<see cref="AcmException.IsFinal"/>).
/// </summary>
internal sealed class ServerPool : IDisposable
{
    private readonly AcmClientOptions _options;
    private readonly IServerLinks _links;
    private readonly CallTries _tries;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;

    public ServerPool(AcmClientOptions options, ServerDirectory directory, IServerLinks links, TimeProvider clock, Func<double> random)
    {
        _options = options;
        _links = links;
        Directory = directory;
        _clock = clock;
        _random = random;
        _tries = new CallTries(clock, directory.Servers, random);
    }

    /// <summary>Raised when a connection to a server was refused.</summary>
    private event Action<ServerAddress>? Unreachable;

    public ServerDirectory Directory { get; }

    /// <summary>Gets the function that diagnoses a response from a server of another kind; null for none.</summary>
    public Func<ServerAddress, AcmException, CallLog, CancellationToken, Task<AcmException?>>? Explain { get; init; }

    /// <summary>Gets the result of the last try; null before the first.</summary>
    public ServerContact? LastContact { get; private set; }

    /// <summary>Runs an operation on one server, and on the next ones if that fails.</summary>
    /// <exception cref="AcmException">Every try failed, or the call timed out.</exception>
    public ValueTask<T> RunAsync<T>(ServerOperation<T> operation, AcmCallOptions? options, CancellationToken cancellationToken)
    {
        (TimeSpan tryTimeout, TimeSpan total) = CallLimits.Of(_options, options, operation.Limits);
        ServerCall call = _tries.Begin(operation, tryTimeout, total, new CallLog(_options.Log, options?.Log));
        return _tries.RunAsync(call, (call, token) => TryNextAsync(operation, call, token), cancellationToken);
    }

    private async ValueTask<T> TryNextAsync<T>(ServerOperation<T> operation, ServerCall call, CancellationToken cancellationToken)
    {
        RequestProof? proof = await _tries.PrepareAsync(call, PrepareAsync, cancellationToken).ConfigureAwait(false);
        ServerAddress server = call.NextServer(Directory.Servers);
        TimeSpan pause = Directory.Servers.PauseOf(server);
        if (pause > TimeSpan.Zero) await WaitAsync(call, server, pause, cancellationToken).ConfigureAwait(false);
        return await TryAsync(operation, _links.Open(server, proof, call.Log), call.TryTimeout, _tries.Left(call), isAside: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ensures that servers are known and gets the credentials of the request. A failure here says nothing about any server.</summary>
    private async ValueTask<RequestProof?> PrepareAsync(CallLog log, CancellationToken cancellationToken)
    {
        try
        {
            await Directory.EnsureAsync(log, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e)
        {
            LastContact = new ServerContact(_clock.GetUtcNow(), e.Kind);
            throw;
        }

        return await _links.GetProofAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs an operation once on one server, for callers with their own delays and limits, such as long polls.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="tried">The servers that the caller tried in this round.</param>
    /// <param name="limit">Time-out, including reading the body.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">The server did not answer, or answered with an error.</exception>
    public Task<T> TryOnceAsync<T>(ServerOperation<T> operation, ICollection<ServerAddress> tried, TimeSpan limit, CancellationToken cancellationToken) =>
        TryOnceAsync(operation, tried, limit, left: TimeSpan.MaxValue, isAside: false, cancellationToken);

    /// <summary>Runs an operation once on another server, to compare answers. The server in use does not change.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="tried">The servers already asked.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">The server did not answer, or answered with an error.</exception>
    public Task<T> AskAsideAsync<T>(ServerOperation<T> operation, ICollection<ServerAddress> tried, CancellationToken cancellationToken) =>
        AskAsideAsync(operation, tried, _options.TryTimeout, left: TimeSpan.MaxValue, cancellationToken);

    /// <inheritdoc cref="AskAsideAsync{T}(ServerOperation{T}, ICollection{ServerAddress}, CancellationToken)"/>
    /// <param name="operation">The operation.</param>
    /// <param name="tried">The servers already asked.</param>
    /// <param name="limit">Time-out of the try.</param>
    /// <param name="left">Remaining time for all tries.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="TimeLimitException">The time for all tries ended.</exception>
    public Task<T> AskAsideAsync<T>(ServerOperation<T> operation, ICollection<ServerAddress> tried, TimeSpan limit, TimeSpan left, CancellationToken cancellationToken) =>
        TryOnceAsync(operation, tried, limit, left, isAside: true, cancellationToken);

    /// <summary>Returns the limits of one try and of all consecutive tries without an answer.</summary>
    public (TimeSpan Try, TimeSpan Total) LimitsOf(AcmCallOptions? options) => CallLimits.Of(_options, options, needed: null);

    private async Task<T> TryOnceAsync<T>(ServerOperation<T> operation, ICollection<ServerAddress> tried, TimeSpan limit, TimeSpan left, bool isAside, CancellationToken cancellationToken)
    {
        var log = new CallLog(_options.Log, null);
        RequestProof? proof = await PrepareAsync(log, cancellationToken).ConfigureAwait(false);
        ServerAddress server = Directory.Servers.Pick(tried);
        tried.Add(server);
        IServerLink link = _links.Open(server, proof, log);
        return isAside
            ? await TryAsync(operation, link, limit, left, isAside, cancellationToken).ConfigureAwait(false)
            : await WhileReachableAsync(operation, link, limit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs an operation that may wait for long, and cancels it if another call cannot reach the server: a server that is shutting down leaves a poll unanswered for half a minute.</summary>
    private async Task<T> WhileReachableAsync<T>(ServerOperation<T> operation, IServerLink link, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void GiveUp(ServerAddress unreachable)
        {
            try
            {
                if (unreachable == link.Server) given.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The request ended in the meantime.
                return;
            }
        }

        Unreachable += GiveUp;
        try
        {
            return await TryAsync(operation, link, limit, left: TimeSpan.MaxValue, isAside: false, given.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (given.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new AcmException(AcmErrorKind.ServerUnavailable, $"{link.Server} is not reachable for other calls, so an unanswered request to it was cancelled.", e);
        }
        finally
        {
            Unreachable -= GiveUp;
        }
    }

    /// <summary>Runs an operation once and records the result in the server's health. The end of the call's total time-out is not a failure of the server.</summary>
    private async Task<T> TryAsync<T>(ServerOperation<T> operation, IServerLink link, TimeSpan limit, TimeSpan left, bool isAside, CancellationToken cancellationToken)
    {
        ServerAddress server = link.Server;
        try
        {
            T result = await _clock.WithinAsync(left < limit ? left : limit, operation.RunAsync, link, cancellationToken).ConfigureAwait(false);
            LastContact = new ServerContact(_clock.GetUtcNow(), error: null);
            Directory.Servers.Succeeded(server, isAside);
            return result;
        }
        catch (TimeLimitException e) when (limit <= left)
        {
            throw Noted(server, HttpFailure.TimedOut(server, limit, e), isAside);
        }
        catch (AcmException e)
        {
            if (Explain is not null && e.IsForeign && await Explain(server, e, new CallLog(_options.Log, null), cancellationToken).ConfigureAwait(false) is { } cause) throw Noted(server, cause, isAside);

            AcmException noted = Noted(server, e, isAside);
            if (noted != e) throw noted;
            throw;
        }
    }

    /// <summary>Records a failure, and names the proxy in the error if one was used.</summary>
    private AcmException Noted(ServerAddress server, AcmException error, bool isAside)
    {
        NoteFailure(server, error, isAside);
        return _links.ProxyFor(server) is { } proxy && HttpFailure.Through(proxy, error) is { } named ? named : error;
    }

    public void Dispose() => _links.Dispose();

    /// <summary>Waits for the end of a server's throttling pause, unless the call times out before.</summary>
    private async Task WaitAsync(ServerCall call, ServerAddress server, TimeSpan pause, CancellationToken cancellationToken)
    {
        TimeSpan left = _tries.Left(call) - pause;
        if (left <= TimeSpan.Zero)
        {
            throw new AcmException(AcmErrorKind.Throttled, $"{CallName.Of(call.Operation)} failed: {server} throttles requests and asks to wait {pause.AsPause()}, longer than the total time-out of {call.TotalTimeout.AsLimit()}.")
            {
                Key = call.Key,
                Advice = "Send fewer requests at once, or allow more time.",
                IsFinal = true,
            };
        }

        // Jitter spreads the calls that waited for the same pause. Half of the remaining time is left for the call itself.
        TimeSpan spread = TimeSpan.FromTicks((long)(Math.Min(Math.Min(pause.Ticks, TimeSpan.TicksPerSecond), left.Ticks) / 2 * _random()));
        if (call.Log.IsEnabled(AcmLogLevel.Verbose)) call.Log.Write(AcmLogLevel.Verbose, $"{server} throttles requests. Waiting {pause.AsPause()}.");
        await _clock.PauseAsync(pause + spread, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Records a failure. A final answer, and one that asks for a short delay, show that the server is healthy.</summary>
    private void NoteFailure(ServerAddress server, AcmException error, bool isAside)
    {
        LastContact = new ServerContact(_clock.GetUtcNow(), error.IsFinal && error.Kind != AcmErrorKind.AuthenticationFailed ? null : error.Kind);
        if (error is { Kind: AcmErrorKind.ServerUnavailable, OutcomeUnknown: false, InnerException: not null }) Unreachable?.Invoke(server);
        if (error.IsFinal) Directory.Servers.Succeeded(server, isAside);
        else if (error.Kind == AcmErrorKind.Throttled || error.RetryAfter is not null) Directory.Servers.Throttled(server, error.RetryAfter);
        else if (!error.IsBusy) Directory.Servers.Failed(server);
    }
}
