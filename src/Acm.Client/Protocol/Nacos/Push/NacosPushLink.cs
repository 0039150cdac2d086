using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;
using Grpc.Core;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>
/// A connection to the gRPC port of one Nacos server: requests, and a stream on which the server tells of changes. A server whose stream has ended still answers requests, but pushes nothing: the end of
/// either is the end of both.
/// </summary>
internal sealed class NacosPushLink : IPushLink
{
    /// <summary>How long a request may take, and the connection to begin with. Java clients wait as long (nacos-common 2.5.1, DefaultGrpcClientConfig).</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan SetUpTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Servers register a connection some milliseconds after they have acknowledged it.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    /// <summary>Servers close a connection on which they hear nothing for 20 s. Java clients check as often (nacos-common 2.5.1, DefaultGrpcClientConfig).</summary>
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(5);

    private const int HealthTries = 2;

    private readonly ServerAddress _server;
    private readonly string _namespace;
    private readonly string _appName;
    private readonly TimeProvider _clock;
    private readonly NacosPushState _state = new();
    private readonly NacosPushChannel _channel;
    private readonly NacosPushUser _user;
    private readonly TaskCompletionSource<bool> _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDisposed;

    /// <param name="http">The way to the same server over HTTP, which has the login.</param>
    /// <param name="server">The gRPC port.</param>
    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="handler">Connects; disposed of with this.</param>
    /// <param name="appName">The name that this application gives itself.</param>
    /// <param name="clock">Source of time.</param>
    public NacosPushLink(NacosLink http, ServerAddress server, string @namespace, HttpMessageHandler handler, string appName, TimeProvider clock)
    {
        _server = server;
        _namespace = @namespace;
        _appName = appName;
        _clock = clock;
        _channel = new NacosPushChannel(server, _state, handler, clock);
        _user = new NacosPushUser(http, server, _channel, _state, appName, clock);
    }

    public string Server => _server.Text;

    public DateTimeOffset LastContact => _channel.LastContact;

    public string? Successor { get; private set; }

    /// <summary>Gets whether it cannot be used any more.</summary>
    public bool IsLost => _state.IsLost || Volatile.Read(ref _isDisposed) != 0;

    /// <summary>Connects: checks the server, tells it who listens, waits for the acknowledgement, and until the server takes requests.</summary>
    /// <exception cref="AcmException">One of these failed.</exception>
    public async Task SetUpAsync(CancellationToken cancellationToken)
    {
        JsonElement check = await AskAsync("ServerCheckRequest", cancellationToken).ConfigureAwait(false);
        bool acknowledges = JsonText.TryGet(check, "supportAbilityNegotiation", out JsonElement negotiates) && negotiates.ValueKind == JsonValueKind.True;
        _channel.OpenStream();
        await _channel.WriteAsync(new NacosPayload("ConnectionSetupRequest", NacosPushBody.SetUp(_namespace, _appName)), cancellationToken).ConfigureAwait(false);
        _ = Task.Run(() => GuardAsync(() => _channel.ReadAllAsync(TakeAsync)), CancellationToken.None);
        await NacosPushErrors.WithinAsync(_clock, _server, SetUpTimeout, async token =>
        {
            if (acknowledges) await _acknowledged.Task.OrCancelled(token).ConfigureAwait(false);
            while (!await IsRegisteredAsync(token).ConfigureAwait(false)) await _clock.PauseAsync(BetweenLooks, token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
        _ = Task.Run(() => GuardAsync(KeepHealthyAsync), CancellationToken.None);
    }

    public async Task<IReadOnlyList<ConfigKey>> ListenAsync(IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, CancellationToken cancellationToken) =>
        NacosPushBody.ReadChanged(await AskAsUserAsync("ConfigBatchListenRequest", NacosPushBody.Listen(_namespace, known, listens: true), cancellationToken).ConfigureAwait(false), _namespace);

    public Task StopListeningAsync(IReadOnlyCollection<ConfigKey> keys, CancellationToken cancellationToken) =>
        AskAsUserAsync("ConfigBatchListenRequest", NacosPushBody.Listen(_namespace, [.. keys.Select(key => new KeyValuePair<ConfigKey, string?>(key, null))], listens: false), cancellationToken);

    /// <summary>Sends a request as the user of the connection over HTTP. Many may be under way at once.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="request">Its body, and what a signature covers.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="AcmException">The connection is lost, or the login was refused.</exception>
    public Task<NacosPushAnswer> SendAsync(string type, WireRequest request, TimeSpan limit, CancellationToken cancellationToken) => _user.SendAsync(type, request.Body!, request, limit, cancellationToken);

    public async Task WatchNamesAsync(IReadOnlyCollection<ConfigKey> patterns, CancellationToken cancellationToken)
    {
        foreach (ConfigKey pattern in patterns)
        {
            await AskAsUserAsync("ConfigFuzzyWatchRequest", NacosPushBody.WatchNames(_namespace, pattern), cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<IReadOnlyCollection<ConfigKey>> WaitForNamesAsync(CancellationToken cancellationToken) => _state.WaitForNamesAsync(cancellationToken);

    public Task<IReadOnlyCollection<ConfigKey>> WaitForChangesAsync(CancellationToken cancellationToken) => _state.WaitForChangesAsync(cancellationToken);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;

        // On another thread: the caller may hold a lock, and what waits for the token goes on in the call that cancels it.
        _ = Task.Run(_channel.Dispose);
    }

    /// <summary>Notes that the connection is lost, the first time.</summary>
    private void Lose(AcmException error)
    {
        _state.Lose(error);
        _acknowledged.TrySetException(error);
        Dispose();
    }

    /// <summary>Runs work that nobody awaits. However it ends, the connection is lost with it.</summary>
    private async Task GuardAsync(Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
            Lose(NacosPushErrors.Lost(_server, "ended the stream"));
        }
        catch (OperationCanceledException) when (_channel.Ending.IsCancellationRequested)
        {
            // It was closed on this side.
            return;
        }
        catch (RpcException e)
        {
            Lose(NacosPushErrors.Unreachable(_server, e));
        }
        catch (AcmException e)
        {
            Lose(e);
        }
#pragma warning disable CA1031 // Nobody awaits this: the exception is the connection's error, and the caller's at its next wait.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Lose(NacosPushErrors.Lost(_server, $"could not be followed ({e.GetType().Name})", e));
        }
    }

    private async Task TakeAsync(NacosPayload message)
    {
        if (message.Type == "SetupAckRequest")
        {
            _acknowledged.TrySetResult(true);
            return;
        }

        if (message.Json is not { } body) return;

        // Before the acknowledgement, which fails if the server has closed the connection already.
        if (message.Type == "ConnectResetRequest") Successor = JsonText.Text(body, "serverIp") is { Length: > 0 } host ? host : null;

        // Acknowledged first: a server that waits for the acknowledgement pushes again.
        const string RequestSuffix = "Request";
        if (JsonText.Text(body, "requestId") is { } id && message.Type.EndsWith(RequestSuffix, StringComparison.Ordinal))
        {
            string answer = message.Type.Substring(0, message.Type.Length - RequestSuffix.Length) + "Response";
            await _channel.WriteAsync(new NacosPayload(answer, NacosPushBody.Acknowledgement(id)), _channel.Ending).ConfigureAwait(false);
        }

        switch (message.Type)
        {
            case "ConfigChangeNotifyRequest":
                if (NacosPushBody.ReadKey(body, _namespace) is { } key) _state.NoteChanged(key);
                break;
            case "ConfigFuzzyWatchSyncRequest" or "ConfigFuzzyWatchChangeNotifyRequest":
                _state.NoteNames(NacosPushBody.ReadNames(body, _namespace));
                break;
            case "ConnectResetRequest":
                Lose(NacosPushErrors.Reset(_server));
                break;
        }
    }

    private async Task KeepHealthyAsync()
    {
        while (true)
        {
            await _clock.PauseAsync(HealthInterval, _channel.Ending).ConfigureAwait(false);
            if (_channel.Silence < HealthInterval) continue;

            for (int tries = 1; ; tries++)
            {
                try
                {
                    await AskAsync("HealthCheckRequest", _channel.Ending).ConfigureAwait(false);
                    break;
                }
                catch (AcmException e) when (tries < HealthTries && e.Kind == AcmErrorKind.Timeout)
                {
                    // A busy server may be slow once.
                    continue;
                }
            }
        }
    }

    /// <summary>Returns whether the server takes requests on this connection.</summary>
    private async Task<bool> IsRegisteredAsync(CancellationToken cancellationToken)
    {
        (JsonElement answer, long code) = await _channel.AskAsync(new NacosPayload("HealthCheckRequest", NacosPushBody.Empty), cancellationToken).ConfigureAwait(false);
        if (code is not (0 or NacosPushErrors.Unregistered)) throw NacosPushErrors.Refused(_server, code, JsonText.Text(answer, "message"));
        return code == 0;
    }

    /// <summary>Sends a request as the user, and returns the answer to it.</summary>
    private async Task<JsonElement> AskAsUserAsync(string type, byte[] body, CancellationToken cancellationToken)
    {
        NacosPushAnswer answer = await _user.SendAsync(type, body, NacosPushProof.Listen, CallTimeout, cancellationToken).ConfigureAwait(false);
        return answer.Code == 0 ? answer.Json : throw NacosPushErrors.Refused(_server, answer.Code, JsonText.Text(answer.Json, "message"));
    }

    /// <summary>Sends a request without members, for which no login is needed.</summary>
    private async Task<JsonElement> AskAsync(string type, CancellationToken cancellationToken)
    {
        (JsonElement answer, long code) = await NacosPushErrors
            .WithinAsync(_clock, _server, CallTimeout, token => _channel.AskAsync(new NacosPayload(type, NacosPushBody.Empty), token), cancellationToken).ConfigureAwait(false);
        return code == 0 ? answer : throw NacosPushErrors.Refused(_server, code, JsonText.Text(answer, "message"));
    }
}
