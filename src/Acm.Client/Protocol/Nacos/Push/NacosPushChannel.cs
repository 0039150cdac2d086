using System.Text.Json;
using Acm.Client.Http;
using Grpc.Core;
using Grpc.Net.Client;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>The HTTP/2 connection to a gRPC port: requests with answers, and one stream of messages in both directions.</summary>
internal sealed class NacosPushChannel : IDisposable
{
    private const int MaxMessage = 16 * 1024 * 1024;

    private static readonly Marshaller<NacosPayload> Payloads = Marshallers.Create(NacosPayload.Write, NacosPayload.Read);
    private static readonly Method<NacosPayload, NacosPayload> Request = new(MethodType.Unary, "Request", "request", Payloads, Payloads);
    private static readonly Method<NacosPayload, NacosPayload> Stream = new(MethodType.DuplexStreaming, "BiRequestStream", "requestBiStream", Payloads, Payloads);

    private readonly ServerAddress _server;
    private readonly NacosPushState _state;
    private readonly TimeProvider _clock;
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _writing = new(1);
    private AsyncDuplexStreamingCall<NacosPayload, NacosPayload>? _stream;
    private long _heardAt;

    /// <param name="server">The gRPC port.</param>
    /// <param name="state">Knows why the connection is lost.</param>
    /// <param name="handler">Connects; disposed of with this.</param>
    /// <param name="clock">Source of time.</param>
    public NacosPushChannel(ServerAddress server, NacosPushState state, HttpMessageHandler handler, TimeProvider clock)
    {
        _server = server;
        _state = state;
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
        Ending = _ending.Token;
        NoteContact();
    }

    /// <summary>Gets the token that is cancelled when the channel is disposed of.</summary>
    public CancellationToken Ending { get; }

    /// <summary>Gets when the server was last heard of.</summary>
    public DateTimeOffset LastContact { get; private set; }

    /// <summary>Gets the time since the server was last heard of.</summary>
    public TimeSpan Silence => _clock.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>Sends a request, and returns its answer and the error code of that; 0 for a success.</summary>
    /// <exception cref="AcmException">The server did not answer, or the connection is lost.</exception>
    public async Task<(JsonElement Answer, long Code)> AskAsync(NacosPayload request, CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Ending);
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
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && Ending.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw _state.Ended(_server, e);
        }
    }

    /// <summary>Opens the stream. Once only.</summary>
    public void OpenStream() => _stream = _calls.AsyncDuplexStreamingCall(Stream, host: null, new CallOptions(cancellationToken: Ending));

    /// <summary>Writes a message to the stream.</summary>
    /// <exception cref="AcmException">The stream has ended.</exception>
    public async Task WriteAsync(NacosPayload message, CancellationToken cancellationToken)
    {
        // gRPC takes one message at a time.
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _stream!.RequestStream.WriteAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            throw NacosPushErrors.Unreachable(_server, e);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // The call is over, or its connection, and the stream with it.
            throw NacosPushErrors.Lost(_server, "ended the stream", e);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Reads messages from the stream, until it ends.</summary>
    public async Task ReadAllAsync(Func<NacosPayload, Task> take)
    {
        while (await _stream!.ResponseStream.MoveNext(Ending).ConfigureAwait(false))
        {
            NoteContact();
            await take(_stream.ResponseStream.Current).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _stream?.Dispose();
        _channel.Dispose();
    }

    private void NoteContact()
    {
        LastContact = _clock.GetUtcNow();
        Volatile.Write(ref _heardAt, _clock.GetTimestamp());
    }
}
