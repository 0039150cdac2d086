using Grpc.Core;
using Grpc.Net.Client;

namespace Acm.Conformance.Replaying;

/// <summary>One connection of the recorder: requests, a stream, and what was pushed on it.</summary>
internal sealed class GrpcPeer : IDisposable
{
    private const string SetUp = "ConnectionSetupRequest";
    private const string SetUpAcknowledgement = "SetupAckRequest";

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(static bytes => bytes, static bytes => bytes);
    private static readonly Method<byte[], byte[]> Request = new(MethodType.Unary, "Request", "request", Bytes, Bytes);
    private static readonly Method<byte[], byte[]> Stream = new(MethodType.DuplexStreaming, "BiRequestStream", "requestBiStream", Bytes, Bytes);

    // What the recorder answers; nothing else is.
    private static readonly HashSet<string> Answered =
    [
        "ClientDetectionRequest", "ConnectResetRequest", "ConfigChangeNotifyRequest", "ClientConfigMetricRequest", "ConfigFuzzyWatchSyncRequest", "ConfigFuzzyWatchChangeNotifyRequest",
    ];

    // A set-up that comes again is acknowledged, and changes nothing.
    private static readonly byte[] SetUpAgain = GrpcMessage.Write(SetUp, """{"abilityTable":{}}""", []);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _writing = new(1);
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private readonly bool _acknowledges;
    private readonly Action<GrpcMessage> _pushed;
    private AsyncDuplexStreamingCall<byte[], byte[]>? _stream;
    private Task _receiving = Task.CompletedTask;
    private bool _isSetUp;
    private TaskCompletionSource? _setUp;
    private TaskCompletionSource? _setUpAgain;
    private int _received;

    /// <param name="server">The gRPC port.</param>
    /// <param name="acknowledges">Whether pushes are acknowledged.</param>
    /// <param name="pushed">Is told of each push, once it is acknowledged.</param>
    public GrpcPeer(Uri server, bool acknowledges, Action<GrpcMessage> pushed)
    {
        _acknowledges = acknowledges;
        _pushed = pushed;
        _channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = false },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
        _calls = _channel.CreateCallInvoker();
    }

    /// <summary>How the stream ended; null while it lasts.</summary>
    public string? End { get; private set; }

    /// <summary>The answer, or the status and its message as the recorder writes them.</summary>
    public async Task<(GrpcMessage? Answer, string? Error)> AskAsync(byte[] request)
    {
        try
        {
            using AsyncUnaryCall<byte[]> call = _calls.AsyncUnaryCall(Request, host: null, default, request);
            return (GrpcMessage.Read(await call.ResponseAsync), null);
        }
        catch (RpcException e)
        {
            string name = string.Concat(e.StatusCode.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
            return (null, $"StatusCode.{name}: {e.Status.Detail}");
        }
    }

    /// <summary>Sends on the stream, which is opened where there is none, or a second one is wanted.</summary>
    public async Task SendAsync(byte[] message, bool onAnotherStream)
    {
        if (_stream is null || onAnotherStream)
        {
            _stream = _calls.AsyncDuplexStreamingCall(Stream, host: null, default);
            AsyncDuplexStreamingCall<byte[], byte[]> stream = _stream;
            _receiving = Task.Run(() => ReceiveAsync(stream));
        }

        // Two set-ups at once may have one acknowledgement.
        var sent = GrpcMessage.Read(message);
        bool isAcknowledged = sent.Type == SetUp && sent.Map("abilityTable") is not null;
        var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (isAcknowledged) _setUp = acknowledged;
        await WriteAsync(_stream, message);
        if (isAcknowledged) await AwaitAsync(acknowledged.Task);
        _isSetUp |= sent.Type == SetUp;
    }

    /// <summary>
    /// Waits until the server has taken all that was sent on the stream, acknowledgements too, and all that it had to push has come: both go in their order, and an acknowledged set-up behind both of
    /// them proves it. Where the stream has ended, nothing more comes.
    /// </summary>
    public async Task CatchUpAsync()
    {
        if (_stream is not { } stream || !_isSetUp) return;

        for (int before = -1; before != _received && !_receiving.IsCompleted;)
        {
            before = _received;
            var setUpAgain = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _setUpAgain = setUpAgain;
            await WriteAsync(stream, SetUpAgain);
            await AwaitAsync(setUpAgain.Task);
        }
    }

    /// <summary>Ends the sending half of the stream, and waits for the end of the other.</summary>
    public async Task EndStreamAsync()
    {
        await _stream!.RequestStream.CompleteAsync();
        await _receiving;
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _channel.Dispose();
    }

    private async Task ReceiveAsync(AsyncDuplexStreamingCall<byte[], byte[]> stream)
    {
        try
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
                var message = GrpcMessage.Read(stream.ResponseStream.Current);
                if (message.Type == SetUpAcknowledgement && Interlocked.Exchange(ref _setUpAgain, null) is { } setUpAgain)
                {
                    setUpAgain.SetResult();
                    continue;
                }

                if (_acknowledges && Answered.Contains(message.Type) && message.Text("requestId") is { } id)
                {
                    string type = message.Type.Replace("Request", "Response", StringComparison.Ordinal);
                    await WriteAsync(stream, GrpcMessage.Write(type, $$"""{"resultCode":200,"errorCode":0,"requestId":"{{id}}"}""", []));
                }

                _pushed(message);
                _received++;
                if (message.Type == SetUpAcknowledgement) Interlocked.Exchange(ref _setUp, null)?.SetResult();
            }

            End = "the server ended the stream";
        }
        catch (RpcException e)
        {
            End = $"StatusCode.{e.StatusCode.ToString().ToUpperInvariant()}: {e.Status.Detail}";
        }
    }

    // What waits for a message waits for the end of the stream as well.
    private async Task AwaitAsync(Task message) => await (await Task.WhenAny(message, _receiving).WaitAsync(Patience));

    // The stream takes one message at a time.
    private async Task WriteAsync(AsyncDuplexStreamingCall<byte[], byte[]> stream, byte[] message)
    {
        await _writing.WaitAsync();
        try
        {
            await stream.RequestStream.WriteAsync(message);
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The stream has ended, which is found on the receiving half.
        }
        finally
        {
            _writing.Release();
        }
    }
}
