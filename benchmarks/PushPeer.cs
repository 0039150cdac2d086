using System.Diagnostics;
using System.Text.Json;
using Acm.Client;
using Acm.Client.Protocol.Nacos.Push;
using Grpc.Core;
using Grpc.Net.Client;

namespace Acm.Benchmarks;

/// <summary>One gRPC connection to a server, with as little of a client as a push needs: it listens, acknowledges and tells when a push came.</summary>
internal sealed class PushPeer : IDisposable
{
    private static readonly Marshaller<NacosPayload> Payloads = Marshallers.Create(NacosPayload.Write, NacosPayload.Read);
    private static readonly Method<NacosPayload, NacosPayload> Request = new(MethodType.Unary, "Request", "request", Payloads, Payloads);
    private static readonly Method<NacosPayload, NacosPayload> Stream = new(MethodType.DuplexStreaming, "BiRequestStream", "requestBiStream", Payloads, Payloads);

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private readonly AsyncDuplexStreamingCall<NacosPayload, NacosPayload> _stream;
    private readonly Action<long> _pushed;
    private readonly TaskCompletionSource _isSetUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private PushPeer(Uri server, Action<long> pushed)
    {
        _pushed = pushed;
        _channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = false }, DisposeHttpClient = true });
        _calls = _channel.CreateCallInvoker();
        _stream = _calls.AsyncDuplexStreamingCall(Stream, host: null, default);
    }

    /// <summary>Sets a connection up.</summary>
    /// <param name="server">The gRPC port.</param>
    /// <param name="pushed">Takes the time at which a change notice came, as <see cref="Stopwatch"/> has it.</param>
    public static async Task<PushPeer> ConnectAsync(Uri server, Action<long> pushed)
    {
        var peer = new PushPeer(server, pushed);
        await peer._stream.RequestStream.WriteAsync(new NacosPayload("ConnectionSetupRequest", NacosPushBody.SetUp("", "Benchmark")));
        _ = Task.Run(peer.ReceiveAsync);
        await peer._isSetUp.Task.WaitAsync(TimeSpan.FromMinutes(1));
        return peer;
    }

    /// <summary>Has the server tell of changes of keys that do not exist yet.</summary>
    public Task ListenAsync(IEnumerable<ConfigKey> keys) => ListenAsync([.. keys.Select(key => new KeyValuePair<ConfigKey, string?>(key, null))]);

    public Task CheckHealthAsync() => AskAsync(new NacosPayload("HealthCheckRequest", NacosPushBody.Empty));

    public void Dispose()
    {
        _stream.Dispose();
        _channel.Dispose();
    }

    private Task ListenAsync(KeyValuePair<ConfigKey, string?>[] known) => AskAsync(new NacosPayload("ConfigBatchListenRequest", NacosPushBody.Listen("", known, listens: true)));

    private async Task AskAsync(NacosPayload request)
    {
        using AsyncUnaryCall<NacosPayload> call = _calls.AsyncUnaryCall(Request, host: null, default, request);
        NacosPayload answer = await call.ResponseAsync;
        if (NacosPushBody.ErrorCode(answer.Json!.Value) != 0) throw new InvalidOperationException($"{request.Type} was refused: {answer.Json}");
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (await _stream.ResponseStream.MoveNext(CancellationToken.None))
            {
                long now = Stopwatch.GetTimestamp();
                NacosPayload message = _stream.ResponseStream.Current;
                if (message.Type == "ConfigChangeNotifyRequest") _pushed(now);
                if (message.Json!.Value.TryGetProperty("requestId", out JsonElement id)) await _stream.RequestStream.WriteAsync(new NacosPayload("AnyResponse", NacosPushBody.Acknowledgement(id.GetString()!)));
                if (message.Type == "SetupAckRequest") _isSetUp.TrySetResult();
            }
        }
        catch (RpcException e)
        {
            // The end of the benchmark, or of the server: who waits for a push hears of it by a limit of time.
            _isSetUp.TrySetException(e);
        }
    }
}
