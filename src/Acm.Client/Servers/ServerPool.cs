using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Servers;

/// <summary>
/// Carries a call out on one of the servers: goes on to the next while they fail, and keeps their standing. Which failures go on is the kind of
/// error's to say (<see cref="AcmException.IsFinal"/>).
/// </summary>
internal sealed class ServerPool : IDisposable
{
    private readonly AcmClientOptions _options;
    private readonly HttpTransport _transport;
    private readonly CallPipelines _pipelines;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;

    public ServerPool(AcmClientOptions options, ServerDirectory directory, HttpTransport transport, TimeProvider clock, Func<double> random)
    {
        _options = options;
        _transport = transport;
        Directory = directory;
        _clock = clock;
        _random = random;
        _pipelines = new CallPipelines(clock, directory.Servers, random);
    }

    public ServerDirectory Directory { get; }

    /// <summary>How the last try ended; null before the first.</summary>
    public ServerContact? LastContact { get; private set; }

    /// <summary>Sends a request and reads its answer.</summary>
    public ValueTask<T> SendAsync<T>(WireRequest request, Func<WireResponse, T> read, AcmCallOptions? call, CancellationToken cancellationToken)
    {
        ServerCall state = Begin(request, call);
        return RunAsync(state, async (server, token) => read(await _transport.SendAsync(server, request, state.Log, token).ConfigureAwait(false)), cancellationToken);
    }

    /// <summary>A call whose tries take more than one request.</summary>
    public ServerCall Begin(WireRequest request, AcmCallOptions? call)
    {
        TimeSpan tryTimeout = call?.TryTimeout ?? _options.TryTimeout;
        TimeSpan totalTimeout = CallLimits.Total(_options, tryTimeout);
        return new ServerCall(request, tryTimeout, totalTimeout, new CallLog(_options.Log, call?.Log)) { EndsAt = _clock.GetUtcNow() + totalTimeout };
    }

    /// <summary>Runs a call. Each try is one turn of <paramref name="send"/> on one server.</summary>
    public ValueTask<T> RunAsync<T>(ServerCall call, Func<ServerAddress, CancellationToken, Task<T>> send, CancellationToken cancellationToken) =>
        _pipelines.RunAsync(
            call,
            async (pipelines, token) =>
            {
                await FindServersAsync(call.Log, token).ConfigureAwait(false);
                await _transport.PrepareAsync(token).ConfigureAwait(false);
                ServerAddress server = call.NextServer(Directory.Servers);
                TimeSpan pause = Directory.Servers.PauseOf(server);
                if (pause > TimeSpan.Zero) await WaitAsync(call, server, pause, token).ConfigureAwait(false);
                try
                {
                    T result = await pipelines.TryAsync(server, call.TryTimeout, send, token).ConfigureAwait(false);
                    Succeeded(server);
                    return result;
                }
                catch (AcmException e)
                {
                    NoteFailure(server, e);
                    if (Through(server, e) is { } named) throw named;
                    throw;
                }
            },
            cancellationToken);

    /// <summary>One request to one server, within a try of <paramref name="call"/>.</summary>
    public Task<WireResponse> SendAsync(ServerCall call, ServerAddress server, WireRequest request, CancellationToken cancellationToken) =>
        _transport.SendAsync(server, request, call.Log, cancellationToken);

    /// <summary>One try with one server, for callers that keep pauses and limits of their own: a long poll lasts longer than any other call.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="tried">The servers that the caller tried in this round.</param>
    /// <param name="limit">Time limit, the body included.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    /// <exception cref="AcmException">The server did not answer, or with an error.</exception>
    public async Task<T> TryOnceAsync<T>(WireRequest request, Func<WireResponse, T> read, ICollection<ServerAddress> tried, TimeSpan limit, CancellationToken cancellationToken)
    {
        var log = new CallLog(_options.Log, null);
        await FindServersAsync(log, cancellationToken).ConfigureAwait(false);
        await _transport.PrepareAsync(cancellationToken).ConfigureAwait(false);
        ServerAddress server = Directory.Servers.Pick(tried);
        tried.Add(server);
        try
        {
            T result = read(await _pipelines.TryAsync(server, limit, (server, token) => _transport.SendAsync(server, request, log, token), cancellationToken).ConfigureAwait(false));
            Succeeded(server);
            return result;
        }
        catch (AcmException e)
        {
            NoteFailure(server, e);
            if (Through(server, e) is { } named) throw named;
            throw;
        }
    }

    public void Dispose() => _transport.Dispose();

    /// <summary>Waits until a server that asked for fewer requests may be asked again, unless that is later than the call may end.</summary>
    private async Task WaitAsync(ServerCall call, ServerAddress server, TimeSpan pause, CancellationToken cancellationToken)
    {
        TimeSpan left = call.EndsAt - _clock.GetUtcNow() - pause;
        if (left <= TimeSpan.Zero)
        {
            throw new AcmException(AcmErrorKind.Throttled, $"{CallName.Of(call)} failed: {server} throttles requests and asks to wait {pause.AsPause()}, longer than the {call.TotalTimeout.AsLimit()} that the call may take in all.")
            {
                Key = call.Key,
                Advice = "Send fewer requests at once, or allow more time.",
                IsFinal = true,
            };
        }

        // Calls that waited for the same pause would all come at once. Half of what is left stays for the call itself.
        TimeSpan spread = TimeSpan.FromTicks((long)(Math.Min(Math.Min(pause.Ticks, TimeSpan.TicksPerSecond), left.Ticks) / 2 * _random()));
        if (call.Log.IsEnabled(AcmLogLevel.Verbose)) call.Log.Write(AcmLogLevel.Verbose, $"{server} throttles requests. Waiting {pause.AsPause()}.");
        await _clock.PauseAsync(pause + spread, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The error with the proxy that was in between named; null where there was none, or the error is not about the way.</summary>
    private AcmException? Through(ServerAddress server, AcmException error) => _transport.ProxyFor(server) is { } proxy ? HttpFailure.Through(proxy, error) : null;

    private async Task FindServersAsync(CallLog log, CancellationToken cancellationToken)
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
    }

    private void Succeeded(ServerAddress server)
    {
        LastContact = new ServerContact(_clock.GetUtcNow(), error: null);
        Directory.Servers.Succeeded(server);
    }

    /// <summary>An answer that settles the call is a sign of health, as is one that asks for a moment.</summary>
    private void NoteFailure(ServerAddress server, AcmException error)
    {
        LastContact = new ServerContact(_clock.GetUtcNow(), error.IsFinal && error.Kind != AcmErrorKind.AuthenticationFailed ? null : error.Kind);
        if (error.IsFinal) Directory.Servers.Succeeded(server);
        else if (error.Kind == AcmErrorKind.Throttled || error.RetryAfter is not null) Directory.Servers.Throttled(server, error.RetryAfter);
        else if (!error.IsBusy) Directory.Servers.Failed(server);
    }
}
