using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Acm.Client.Protocol.Nacos.Push;

namespace Acm.Tests.StandIns.Nacos;

/// <summary>A gRPC port in place of the network. It acknowledges the set-up, sends messages when a test wants, and may fail acknowledgements or answer with bytes of the test.</summary>
internal sealed class GrpcPortStandIn : HttpMessageHandler
{
    private const int HeadLength = 5;

    private readonly Pipe _pushes = new();

    /// <summary>Gets or sets the answer to a type of request; null for a success. Not the bytes of a Nacos message: the client has to cope with them.</summary>
    public Func<string, byte[]?> Answer { get; set; } = _ => null;

    /// <summary>Gets or sets whether acknowledgements of pushes fail, as on a connection that the server has closed.</summary>
    public bool FailsAcknowledgements { get; set; }

    /// <summary>Sends a message on the stream.</summary>
    public Task PushAsync(string type, string body) => PushAsync(NacosPayload.Write(new NacosPayload(type, Encoding.UTF8.GetBytes(body))));

    /// <summary>Sends the bytes of a message on the stream.</summary>
    public async Task PushAsync(byte[] message) => await _pushes.Writer.WriteAsync(Frame(message));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith("/requestBiStream", StringComparison.Ordinal))
        {
            _ = request.Content!.CopyToAsync(new ClientMessages(this), cancellationToken);
            return Response(new StreamContent(_pushes.Reader.AsStream()), request);
        }

        byte[] frame = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        string type = NacosPayload.Read(frame[HeadLength..]).Type;
        byte[] answer = Answer(type) ?? NacosPayload.Write(new NacosPayload("Response", """{"resultCode":200,"supportAbilityNegotiation":true}"""u8.ToArray()));
        return Response(new ByteArrayContent(Frame(answer)), request);
    }

    private static HttpResponseMessage Response(HttpContent content, HttpRequestMessage request)
    {
        content.Headers.ContentType = new("application/grpc");
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, RequestMessage = request, Content = content };
        response.TrailingHeaders.Add("grpc-status", "0");
        return response;
    }

    private static byte[] Frame(byte[] message)
    {
        byte[] frame = new byte[HeadLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, HeadLength);
        return frame;
    }

    /// <summary>Takes the messages of the client, of which gRPC writes each at once: the set-up and acknowledgements.</summary>
    private sealed class ClientMessages(GrpcPortStandIn port) : Stream
    {
        private bool _isSetUp;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_isSetUp)
            {
                _isSetUp = true;
                await port.PushAsync("SetupAckRequest", "{}");
            }
            else if (port.FailsAcknowledgements)
            {
                throw new IOException("The connection was closed.");
            }
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
            // Nothing is buffered.
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
