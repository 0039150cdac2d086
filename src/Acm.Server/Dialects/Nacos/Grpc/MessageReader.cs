using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>Reads the length-prefixed messages of a gRPC call.</summary>
internal static class MessageReader
{
    /// <summary>The maximum length of a message in bytes, as in Nacos.</summary>
    public const int MaxLength = 10 * 1024 * 1024;

    // Clients send only set-ups and acknowledgements on the stream.
    private const int MaxStreamedLength = 64 * 1024;

    /// <summary>Reads the only message of a unary call. It counts against the memory budget of request bodies until <paramref name="body"/> is disposed of.</summary>
    /// <exception cref="GrpcStatusException">The message is too large, compressed or incomplete.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadOnlyAsync(HttpRequest request, RequestBody body)
    {
        PipeReader reader = request.BodyReader;
        ReadResult head = await reader.ReadAtLeastAsync(Payload.HeadLength, request.HttpContext.RequestAborted).ConfigureAwait(false);
        long length = ReadHead(head.Buffer, MaxLength);
        reader.AdvanceTo(head.Buffer.Start, head.Buffer.Start);
        try
        {
            if (await body.ReadAsync(request, Payload.HeadLength + length, isForm: false).ConfigureAwait(false) != BodyOutcome.Read) throw new GrpcStatusException(GrpcStatus.Incomplete);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            throw new GrpcStatusException(GrpcStatus.TooSlow);
        }

        return body.Bytes.Length == Payload.HeadLength + length ? body.Bytes[Payload.HeadLength..] : throw new GrpcStatusException(GrpcStatus.Incomplete);
    }

    /// <summary>Reads the next message of a stream.</summary>
    /// <returns>The message; null at the end of the stream.</returns>
    /// <exception cref="GrpcStatusException">The message is too large, compressed or incomplete.</exception>
    public static async ValueTask<byte[]?> ReadNextAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        ReadResult head = await reader.ReadAtLeastAsync(Payload.HeadLength, cancellationToken).ConfigureAwait(false);
        if (head.Buffer.IsEmpty && head.IsCompleted) return null;

        int length = (int)ReadHead(head.Buffer, MaxStreamedLength);
        reader.AdvanceTo(head.Buffer.GetPosition(Payload.HeadLength));
        if (length == 0) return [];

        ReadResult rest = await reader.ReadAtLeastAsync(length, cancellationToken).ConfigureAwait(false);
        if (rest.Buffer.Length < length) throw new GrpcStatusException(GrpcStatus.Incomplete);

        byte[] message = rest.Buffer.Slice(0, length).ToArray();
        reader.AdvanceTo(rest.Buffer.GetPosition(length));
        return message;
    }

    private static long ReadHead(ReadOnlySequence<byte> buffer, int most)
    {
        if (buffer.Length < Payload.HeadLength) throw new GrpcStatusException(GrpcStatus.Incomplete);

        Span<byte> head = stackalloc byte[Payload.HeadLength];
        buffer.Slice(0, Payload.HeadLength).CopyTo(head);
        if (head[0] != 0) throw new GrpcStatusException(GrpcStatus.Compressed);

        long length = BinaryPrimitives.ReadUInt32BigEndian(head[1..]);
        return length <= most ? length : throw new GrpcStatusException(GrpcStatus.TooLarge(length));
    }
}
