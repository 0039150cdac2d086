using Acm.Client.Protocol;

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

    public ServerPool(AcmClientOptions options, ServerDirectory directory, HttpTransport transport, TimeProvider clock, Func<double> random)
    {
        _options = options;
        _transport = transport;
        Directory = directory;
        _pipelines = new CallPipelines(clock, directory.Servers, random);
    }

    public ServerDirectory Directory { get; }

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
        return new ServerCall(request, tryTimeout, CallLimits.Total(_options, tryTimeout), new CallLog(_options.Log, call?.Log));
    }

    /// <summary>Runs a call. Each try is one turn of <paramref name="send"/> on one server.</summary>
    public ValueTask<T> RunAsync<T>(ServerCall call, Func<ServerAddress, CancellationToken, Task<T>> send, CancellationToken cancellationToken) =>
        _pipelines.RunAsync(
            call,
            async (pipelines, token) =>
            {
                await Directory.EnsureAsync(call.Log, token).ConfigureAwait(false);
                await _transport.PrepareAsync(token).ConfigureAwait(false);
                ServerAddress server = call.NextServer(Directory.Servers);
                try
                {
                    T result = await pipelines.TryAsync(call, server, send, token).ConfigureAwait(false);
                    Directory.Servers.Succeeded(server);
                    return result;
                }
                catch (AcmException e)
                {
                    // An answer that settles the call is a sign of health, as is one that asks for a moment.
                    if (e.IsFinal) Directory.Servers.Succeeded(server);
                    else if (!e.IsBusy) Directory.Servers.Failed(server);
                    throw;
                }
            },
            cancellationToken);

    /// <summary>One request to one server, within a try of <paramref name="call"/>.</summary>
    public Task<WireResponse> SendAsync(ServerCall call, ServerAddress server, WireRequest request, CancellationToken cancellationToken) =>
        _transport.SendAsync(server, request, call.Log, cancellationToken);

    public void Dispose() => _transport.Dispose();
}
