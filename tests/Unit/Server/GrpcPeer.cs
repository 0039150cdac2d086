using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Acm.Client.Protocol.Nacos.Push;
using Acm.Tests.Support;
using Grpc.Core;
using Grpc.Net.Client;

namespace Acm.Tests.Server;

/// <summary>A gRPC client that sends the requests of a test. Requests and responses are JSON.</summary>
internal sealed class GrpcPeer : IDisposable
{
    private static readonly Marshaller<NacosPayload> Payloads = Marshallers.Create(NacosPayload.Write, NacosPayload.Read);
    private static readonly Method<NacosPayload, NacosPayload> Request = new(MethodType.Unary, "Request", "request", Payloads, Payloads);
    private static readonly Method<NacosPayload, NacosPayload> Stream = new(MethodType.DuplexStreaming, "BiRequestStream", "requestBiStream", Payloads, Payloads);

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private readonly Channel<(string Type, JsonElement Body)> _pushes = Channel.CreateUnbounded<(string, JsonElement)>();
    private readonly bool _acknowledges;
    private AsyncDuplexStreamingCall<NacosPayload, NacosPayload>? _stream;

    private GrpcPeer(Uri server, bool acknowledges)
    {
        _acknowledges = acknowledges;
        _channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = false }, DisposeHttpClient = true });
        _calls = _channel.CreateCallInvoker();
    }

    /// <summary>Gets the headers of each request.</summary>
    public ConcurrentDictionary<string, string> Headers { get; } = new();

    /// <summary>Connects without a stream.</summary>
    public static GrpcPeer Connect(Uri server) => new(server, acknowledges: false);

    /// <summary>Connects, opens a stream and sends the set-up request.</summary>
    /// <param name="server">The gRPC port.</param>
    /// <param name="acknowledges">Whether pushes are acknowledged.</param>
    public static async Task<GrpcPeer> SetUpAsync(Uri server, bool acknowledges = true)
    {
        var peer = new GrpcPeer(server, acknowledges);
        await peer.SetUpAsync("""{"clientVersion":"Test:v1","labels":{"source":"sdk","module":"config"},"abilityTable":{}}""");
        Assert.Equal("SetupAckRequest", (await peer.NextPushAsync()).Type);
        return peer;
    }

    /// <summary>Opens the stream and sends a first message.</summary>
    public async Task SetUpAsync(string body, string type = "ConnectionSetupRequest")
    {
        _stream = _calls.AsyncDuplexStreamingCall(Stream, host: null, default);
        await _stream.RequestStream.WriteAsync(new NacosPayload(type, Encoding.UTF8.GetBytes(body)));
        _ = Task.Run(() => ReceiveAsync(_stream));
    }

    /// <summary>Ends the sending half of the stream.</summary>
    public Task EndStreamAsync() => _stream!.RequestStream.CompleteAsync();

    public async Task<(string Type, JsonElement Body)> AskAsync(string type, string body)
    {
        var payload = new NacosPayload(type, Encoding.UTF8.GetBytes(body)) { Headers = [.. Headers] };
        using AsyncUnaryCall<NacosPayload> call = _calls.AsyncUnaryCall(Request, host: null, default, payload);
        NacosPayload answer = await call.ResponseAsync.WaitAsync(Clients.Deadline);
        return (answer.Type, answer.Json!.Value);
    }

    /// <summary>Returns the type of a response and its error code; 0 for a success.</summary>
    public async Task<string> OutcomeAsync(string type, string body)
    {
        (string answer, JsonElement json) = await AskAsync(type, body);
        return $"{answer} {json.GetProperty("errorCode").GetInt32()}";
    }

    /// <summary>Subscribes to keys and returns the changed ones.</summary>
    /// <param name="md5">The MD5 of the client's value for each key.</param>
    /// <param name="dataIds">The data IDs in group g of the public namespace.</param>
    public Task<string> ListenAsync(string md5, params string[] dataIds) => ListenAsync(listens: true, md5, dataIds);

    public async Task<string> ListenAsync(bool listens, string md5, params string[] dataIds)
    {
        object contexts = dataIds.Select(id => new { group = "g", dataId = id, tenant = "", md5 });
        (_, JsonElement json) = await AskAsync("ConfigBatchListenRequest", JsonSerializer.Serialize(new { listen = listens, configListenContexts = contexts }));
        return string.Join(",", json.GetProperty("changedConfigs").EnumerateArray().Select(item => item.GetProperty("dataId").GetString()));
    }

    public async Task<(string Type, JsonElement Body)> NextPushAsync() => await _pushes.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Clients.Deadline);

    /// <summary>Returns whether the stream ends without another push.</summary>
    public async Task<bool> EndsAsync() => !await _pushes.Reader.WaitToReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Clients.Deadline);

    /// <summary>Gets whether the test has read all pushes.</summary>
    public bool IsSilent => !_pushes.Reader.TryPeek(out _);

    public void Dispose()
    {
        _stream?.Dispose();
        _channel.Dispose();
    }

    private static async Task AcknowledgeAsync(AsyncDuplexStreamingCall<NacosPayload, NacosPayload> stream, string id)
    {
        try
        {
            await stream.RequestStream.WriteAsync(new NacosPayload("AnyResponse", NacosPushBody.Acknowledgement(id)));
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The server ended the call after this push. It was received all the same.
        }
    }

    private async Task ReceiveAsync(AsyncDuplexStreamingCall<NacosPayload, NacosPayload> stream)
    {
        try
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
                NacosPayload message = stream.ResponseStream.Current;
                JsonElement body = message.Json!.Value;
                if (_acknowledges && body.TryGetProperty("requestId", out JsonElement id)) await AcknowledgeAsync(stream, id.GetString()!);
                _pushes.Writer.TryWrite((message.Type, body));
            }
        }
        catch (RpcException)
        {
            // Tests only check that the stream ends.
            return;
        }
        finally
        {
            _pushes.Writer.TryComplete();
        }
    }
}
