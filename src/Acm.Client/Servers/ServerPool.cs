using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Protocol;
using Acm.Client.Text;

namespace Acm.Client.Servers;

/// <summary>
/// The one way to a server: runs an operation on one of them, goes on to the next while they fail, and keeps their standing. Which failures go on is the error's to say
/// (<see cref="AcmException.IsFinal"/>).
/// </summary>
internal sealed class ServerPool : IDisposable
{
    private readonly AcmClientOptions _options;
    private readonly IServerLinks _links;
    private readonly CallPipelines _pipelines;
    private readonly TimeProvider _clock;
    private readonly Func<double> _random;

    public ServerPool(AcmClientOptions options, ServerDirectory directory, IServerLinks links, TimeProvider clock, Func<double> random)
    {
        _options = options;
        _links = links;
        Directory = directory;
        _clock = clock;
        _random = random;
        _pipelines = new CallPipelines(clock, directory.Servers, random);
    }

    public ServerDirectory Directory { get; }

    /// <summary>How the last try ended; null before the first.</summary>
    public ServerContact? LastContact { get; private set; }

    /// <summary>Runs an operation: on one server, and on the next where that fails.</summary>
    /// <exception cref="AcmException">Every try failed, or the time for all of them ended.</exception>
    public ValueTask<T> RunAsync<T>(ServerOperation<T> operation, AcmCallOptions? options, CancellationToken cancellationToken)
    {
        TimeSpan tryTimeout = options?.TryTimeout ?? _options.TryTimeout;
        TimeSpan totalTimeout = CallLimits.Total(_options, tryTimeout);
        var call = new ServerCall(operation, tryTimeout, totalTimeout, new CallLog(_options.Log, options?.Log)) { EndsAt = _clock.GetUtcNow() + totalTimeout };
        return _pipelines.RunAsync(
            call,
            async (_, token) =>
            {
                await FindServersAsync(call.Log, token).ConfigureAwait(false);
                ServerAddress server = call.NextServer(Directory.Servers);
                TimeSpan pause = Directory.Servers.PauseOf(server);
                if (pause > TimeSpan.Zero) await WaitAsync(call, server, pause, token).ConfigureAwait(false);
                return await TryAsync(operation, server, call.TryTimeout, call.Log, token).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <summary>Runs an operation on one server, once, for callers that keep pauses and limits of their own: a long poll lasts longer than any other call.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="tried">The servers that the caller tried in this round.</param>
    /// <param name="limit">Time limit, the body included.</param>
    /// <param name="cancellationToken">Ends the try.</param>
    /// <exception cref="AcmException">The server did not answer, or with an error.</exception>
    public async Task<T> TryOnceAsync<T>(ServerOperation<T> operation, ICollection<ServerAddress> tried, TimeSpan limit, CancellationToken cancellationToken)
    {
        var log = new CallLog(_options.Log, null);
        await FindServersAsync(log, cancellationToken).ConfigureAwait(false);
        ServerAddress server = Directory.Servers.Pick(tried);
        tried.Add(server);
        return await TryAsync(operation, server, limit, log, cancellationToken).ConfigureAwait(false);
    }

    private async Task<T> TryAsync<T>(ServerOperation<T> operation, ServerAddress server, TimeSpan limit, CallLog log, CancellationToken cancellationToken)
    {
        // Where there are no credentials, no server was asked: nothing is noted of it.
        IServerLink link = await _links.OpenAsync(server, log, cancellationToken).ConfigureAwait(false);
        try
        {
            T result = await _pipelines.TryAsync(operation, link, limit, cancellationToken).ConfigureAwait(false);
            Succeeded(server);
            return result;
        }
        catch (AcmException e)
        {
            NoteFailure(server, e);
            if (_links.ProxyFor(server) is { } proxy && HttpFailure.Through(proxy, e) is { } named) throw named;
            throw;
        }
    }

    public void Dispose() => _links.Dispose();

    /// <summary>Waits until a server that asked for fewer requests may be asked again, unless that is later than the call may end.</summary>
    private async Task WaitAsync(ServerCall call, ServerAddress server, TimeSpan pause, CancellationToken cancellationToken)
    {
        TimeSpan left = call.EndsAt - _clock.GetUtcNow() - pause;
        if (left <= TimeSpan.Zero)
        {
            throw new AcmException(AcmErrorKind.Throttled, $"{CallName.Of(call.Operation)} failed: {server} throttles requests and asks to wait {pause.AsPause()}, longer than the {call.TotalTimeout.AsLimit()} that the call may take in all.")
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
