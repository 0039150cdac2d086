using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;
using Grpc.Core;
using Grpc.Net.Client;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>
/// A connection to the gRPC port of one Nacos server: requests, and a stream on which the server tells of changes. The two are one connection to the server; where the stream ends, nothing is told any
/// more, though requests are still answered.
/// </summary>
internal sealed class NacosPushLink : IPushLink
{
    /// <summary>How long a request may take, and the connection to begin with. Java clients wait as long.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan SetUpTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Servers register a connection a moment after they have said that they would.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    /// <summary>A server drops a connection on which it hears nothing for 20 s.</summary>
    private static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(5);

    private const int MaxMessage = 16 * 1024 * 1024;
    private const int HealthTries = 2;

    private static readonly Marshaller<NacosPayload> Payloads = Marshallers.Create(NacosPayload.Write, NacosPayload.Read);
    private static readonly Method<NacosPayload, NacosPayload> Request = new(MethodType.Unary, "Request", "request", Payloads, Payloads);
    private static readonly Method<NacosPayload, NacosPayload> Stream = new(MethodType.DuplexStreaming, "BiRequestStream", "requestBiStream", Payloads, Payloads);

    private readonly object _gate = new();
    private readonly NacosLink _http;
    private readonly ServerAddress _server;
    private readonly string _namespace;
    private readonly string _appName;
    private readonly TimeProvider _clock;
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource<bool> _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AsyncDuplexStreamingCall<NacosPayload, NacosPayload>? _stream;
    private readonly HashSet<ConfigKey> _changed = [];
    private readonly HashSet<ConfigKey> _names = [];
    private TaskCompletionSource<bool> _news = NewSignal();
    private AcmException? _error;
    private long _heardAt;
    private bool _isDisposed;

    /// <param name="http">The way to the same server over HTTP, which has the login.</param>
    /// <param name="server">The gRPC port.</param>
    /// <param name="namespace">The namespace of the keys.</param>
    /// <param name="handler">Connects; disposed of with this.</param>
    /// <param name="appName">What this application calls itself.</param>
    /// <param name="clock">Source of time.</param>
    public NacosPushLink(NacosLink http, ServerAddress server, string @namespace, HttpMessageHandler handler, string appName, TimeProvider clock)
    {
        _http = http;
        _server = server;
        _namespace = @namespace;
        _appName = appName;
        _clock = clock;
        _channel = GrpcChannel.ForAddress(server.BaseUri, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaxMessage,
            MaxSendMessageSize = MaxMessage,
            ThrowOperationCanceledOnCancellation = true,
        });
        _calls = _channel.CreateCallInvoker();
        NoteContact();
    }

    public string Server => _server.Text;

    public DateTimeOffset LastContact { get; private set; }

    public string? Successor { get; private set; }

    /// <summary>Whether it can be used no more.</summary>
    public bool IsLost
    {
        get
        {
            lock (_gate) return _isDisposed || _error is not null;
        }
    }

    /// <summary>Connects: asks for the server, says who listens, waits for the acknowledgement, and until the server takes requests.</summary>
    /// <exception cref="AcmException">One of these fails.</exception>
    public async Task SetUpAsync(CancellationToken cancellationToken)
    {
        JsonElement check = await AskAsync("ServerCheckRequest", cancellationToken).ConfigureAwait(false);
        bool acknowledges = JsonText.TryGet(check, "supportAbilityNegotiation", out JsonElement negotiates) && negotiates.ValueKind == JsonValueKind.True;
        _stream = _calls.AsyncDuplexStreamingCall(Stream, host: null, new CallOptions(cancellationToken: _ending.Token));
        await SendAsync(new NacosPayload("ConnectionSetupRequest", NacosPushBody.SetUp(_namespace, _appName)), cancellationToken).ConfigureAwait(false);
        _ = Task.Run(() => GuardAsync(ReceiveAsync), CancellationToken.None);
        await WithinAsync(_server, SetUpTimeout, async token =>
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
    public Task<NacosPushAnswer> SendAsync(string type, WireRequest request, TimeSpan limit, CancellationToken cancellationToken) => SendAsUserAsync(type, request.Body!, request, limit, cancellationToken);

    public async Task WatchNamesAsync(IReadOnlyCollection<ConfigKey> patterns, CancellationToken cancellationToken)
    {
        foreach (ConfigKey pattern in patterns)
        {
            await AskAsUserAsync("ConfigFuzzyWatchRequest", NacosPushBody.WatchNames(_namespace, pattern), cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<IReadOnlyCollection<ConfigKey>> WaitForNamesAsync(CancellationToken cancellationToken) => WaitAsync(_names, cancellationToken);

    public Task<IReadOnlyCollection<ConfigKey>> WaitForChangesAsync(CancellationToken cancellationToken) => WaitAsync(_changed, cancellationToken);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }

        // Elsewhere: who disposes may hold a lock, and what waits for the token goes on in the call that cancels it.
        _ = Task.Run(() =>
        {
            _ending.Cancel();
            _stream?.Dispose();
            _channel.Dispose();
        });
    }

    private static TaskCompletionSource<bool> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until keys are noted, and takes them.</summary>
    private async Task<IReadOnlyCollection<ConfigKey>> WaitAsync(HashSet<ConfigKey> noted, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task news;
            lock (_gate)
            {
                ThrowIfLost();
                if (noted.Count > 0)
                {
                    ConfigKey[] taken = [.. noted];
                    noted.Clear();
                    return taken;
                }

                news = _news.Task;
            }

            await news.OrCancelled(cancellationToken).ConfigureAwait(false);
        }
    }

    private void NoteContact()
    {
        LastContact = _clock.GetUtcNow();
        Volatile.Write(ref _heardAt, _clock.GetTimestamp());
    }

    private void ThrowIfLost()
    {
        if (_error is { } error) throw new AcmException(error.Kind, error.Message, error) { Advice = error.Advice, Option = error.Option };
    }

    /// <summary>Takes note that the connection is lost, the first time.</summary>
    private void Lose(AcmException error)
    {
        lock (_gate)
        {
            _error ??= error;
            _news.TrySetResult(true);
        }

        _acknowledged.TrySetException(error);
        Dispose();
    }

    /// <summary>Runs what nobody waits for. However it ends, the connection is lost with it.</summary>
    private async Task GuardAsync(Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
            Lose(NacosPushErrors.Lost(_server, "ended the stream"));
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // It was closed here.
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
#pragma warning disable CA1031 // Nobody awaits this: whatever ends it is the connection's error, and the caller's at its next wait.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Lose(NacosPushErrors.Lost(_server, $"could not be followed ({e.GetType().Name})", e));
        }
    }

    private async Task ReceiveAsync()
    {
        while (await _stream!.ResponseStream.MoveNext(_ending.Token).ConfigureAwait(false))
        {
            NoteContact();
            NacosPayload message = _stream.ResponseStream.Current;
            if (message.Type == "SetupAckRequest") _acknowledged.TrySetResult(true);
            else if (message.Json is { } body) await TakeAsync(message.Type, body).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(string type, JsonElement body)
    {
        // Acknowledged first: a server that waits tells again.
        const string RequestSuffix = "Request";
        if (JsonText.Text(body, "requestId") is { } id && type.EndsWith(RequestSuffix, StringComparison.Ordinal))
        {
            string answer = type.Substring(0, type.Length - RequestSuffix.Length) + "Response";
            await SendAsync(new NacosPayload(answer, NacosPushBody.Acknowledgement(id)), _ending.Token).ConfigureAwait(false);
        }

        switch (type)
        {
            case "ConfigChangeNotifyRequest":
                if (NacosPushBody.ReadKey(body, _namespace) is { } key) Note(_changed, [key]);
                break;
            case "ConfigFuzzyWatchSyncRequest" or "ConfigFuzzyWatchChangeNotifyRequest":
                Note(_names, NacosPushBody.ReadNames(body, _namespace));
                break;
            case "ConnectResetRequest":
                Successor = JsonText.Text(body, "serverIp") is { Length: > 0 } host ? host : null;
                Lose(NacosPushErrors.Lost(_server, "asked its clients to connect again"));
                break;
        }
    }

    private void Note(HashSet<ConfigKey> noted, IReadOnlyList<ConfigKey> keys)
    {
        if (keys.Count == 0) return;

        lock (_gate)
        {
            noted.UnionWith(keys);
            _news.TrySetResult(true);
            _news = NewSignal();
        }
    }

    private async Task KeepHealthyAsync()
    {
        while (true)
        {
            await _clock.PauseAsync(HealthInterval, _ending.Token).ConfigureAwait(false);
            if (_clock.GetElapsedTime(Volatile.Read(ref _heardAt)) < HealthInterval) continue;

            for (int tries = 1; ; tries++)
            {
                try
                {
                    await AskAsync("HealthCheckRequest", _ending.Token).ConfigureAwait(false);
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

    /// <summary>Whether the server takes requests on this connection.</summary>
    private async Task<bool> IsRegisteredAsync(CancellationToken cancellationToken)
    {
        (JsonElement answer, long code) = await ExchangeAsync(new NacosPayload("HealthCheckRequest", NacosPushBody.Empty), cancellationToken).ConfigureAwait(false);
        if (code is not (0 or NacosPushErrors.Unregistered)) throw NacosPushErrors.Refused(_server, code, JsonText.Text(answer, "message"));
        return code == 0;
    }

    /// <summary>Asks with the token of the login, and once more with a new one where that is refused.</summary>
    private async Task<JsonElement> AskAsUserAsync(string type, byte[] body, CancellationToken cancellationToken)
    {
        NacosPushAnswer answer = await SendAsUserAsync(type, body, NacosPushProof.Listen, CallTimeout, cancellationToken).ConfigureAwait(false);
        return answer.Code == 0 ? answer.Json : throw NacosPushErrors.Refused(_server, answer.Code, JsonText.Text(answer.Json, "message"));
    }

    private async Task<NacosPushAnswer> SendAsUserAsync(string type, byte[] body, WireRequest signed, TimeSpan limit, CancellationToken cancellationToken)
    {
        lock (_gate) ThrowIfLost();
        RequestProof? proof = await ProveAsync(token => _http.ProofAsync(token).AsTask(), cancellationToken).ConfigureAwait(false);
        NacosPushAnswer answer = await SendAsync(proof).ConfigureAwait(false);
        if (answer.Code != NacosPushErrors.Denied || proof is not NacosToken refused) return answer;

        if (await ProveAsync(token => _http.RenewAsync(refused, token).AsTask(), cancellationToken).ConfigureAwait(false) is not { } renewed) return answer;

        answer = await SendAsync(renewed).ConfigureAwait(false);
        if (answer.Code == NacosPushErrors.Denied) _http.Session.NoteVainRenewal(_http.Server);
        return answer;

        async Task<NacosPushAnswer> SendAsync(RequestProof? proof)
        {
            var request = new NacosPayload(type, body) { Headers = Headers(proof, signed) };
            (JsonElement json, long code) = await WithinAsync(_server, limit, token => ExchangeAsync(request, token), cancellationToken).ConfigureAwait(false);
            return new NacosPushAnswer(json, code, proof);
        }
    }

    /// <summary>Asks over HTTP for what proves who asks. A server that is silent there is not waited for, nor is one whose connection is lost.</summary>
    private async Task<RequestProof?> ProveAsync(Func<CancellationToken, Task<RequestProof?>> ask, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        try
        {
            return await WithinAsync(_http.Server, CallTimeout, ask, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (_ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Ended(e);
        }
    }

    /// <summary>Why a request could not go on: the connection was lost, or was closed here.</summary>
    private AcmException Ended(Exception cause)
    {
        lock (_gate) ThrowIfLost();
        return NacosPushErrors.Lost(_server, "was disconnected from here", cause);
    }

    private List<KeyValuePair<string, string>> Headers(RequestProof? proof, WireRequest signed)
    {
        List<KeyValuePair<string, string>> headers = [new("Client-AppName", _appName), new("exConfigInfo", "true"), new("charset", "UTF-8")];
        if (proof is NacosToken token) headers.Add(new("accessToken", token.Value));
        else if (proof is not null) headers.AddRange(NacosPushProof.Headers(proof, signed));
        return headers;
    }

    /// <summary>Asks what needs no login, and says nothing.</summary>
    private async Task<JsonElement> AskAsync(string type, CancellationToken cancellationToken)
    {
        (JsonElement answer, long code) = await WithinAsync(_server, CallTimeout, token => ExchangeAsync(new NacosPayload(type, NacosPushBody.Empty), token), cancellationToken).ConfigureAwait(false);
        return code == 0 ? answer : throw NacosPushErrors.Refused(_server, code, JsonText.Text(answer, "message"));
    }

    /// <summary>Sends a request and reads its answer, with its error code; 0 for a success.</summary>
    private async Task<(JsonElement Answer, long Code)> ExchangeAsync(NacosPayload request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ending.Token);
        try
        {
            using AsyncUnaryCall<NacosPayload> call = _calls.AsyncUnaryCall(Request, host: null, new CallOptions(cancellationToken: either.Token), request);
            NacosPayload answer = await call.ResponseAsync.ConfigureAwait(false);
            NoteContact();
            JsonElement json = answer.Json ?? throw NacosPushErrors.Lost(_server, "answered with something that is not a Nacos response");
            return (json, NacosPushBody.ErrorCode(json));
        }
        catch (RpcException e)
        {
            throw NacosPushErrors.Unreachable(_server, e);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && _ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Ended(e);
        }
    }

    private async Task SendAsync(NacosPayload message, CancellationToken cancellationToken)
    {
        // One message at a time: the stream takes no two.
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _stream!.RequestStream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw NacosPushErrors.Unreachable(_server, e);
        }
        catch (InvalidOperationException e)
        {
            // The call is over, and the stream with it.
            throw NacosPushErrors.Lost(_server, "ended the stream", e);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task<T> WithinAsync<T>(ServerAddress server, TimeSpan limit, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await _clock.WithinAsync(limit, static (work, token) => work(token), work, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeLimitException e)
        {
            throw NacosPushErrors.TimedOut(server, limit, e);
        }
    }
}
