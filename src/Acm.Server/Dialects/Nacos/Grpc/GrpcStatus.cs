using System.Text;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>The status of a gRPC call (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).</summary>
/// <param name="Code">The status code.</param>
/// <param name="Message">The error message; empty for OK.</param>
internal sealed record GrpcStatus(int Code, string Message = "")
{
    /// <summary>Gets the message for the trailer, with everything but printable ASCII percent-encoded.</summary>
    public string EncodedMessage => string.Concat(Encoding.UTF8.GetBytes(Message).Select(b => b is >= 0x20 and <= 0x7E and not (byte)'%' ? ((char)b).ToString() : $"%{b:X2}"));

    public static GrpcStatus Ok { get; } = new(0);

    public static GrpcStatus Stopping { get; } = new(1, "The server is stopping.");

    public static GrpcStatus NotProtobuf { get; } = new(2, "The message is not protobuf.");

    public static GrpcStatus TooSlow { get; } = new(8, "The message arrived too slowly, or too many large messages are in progress.");

    public static GrpcStatus Compressed { get; } = new(12, "Compressed messages are not supported.");

    public static GrpcStatus Incomplete { get; } = new(13, "The message is incomplete.");

    /// <summary>Returns the status for a message over the size limit, in the words of Nacos.</summary>
    public static GrpcStatus TooLarge(long length) => new(8, $"gRPC message exceeds maximum size {MessageReader.MaxLength}: {length}");

    public static GrpcStatus NoSuchMethod(string path) => new(12, $"Method not found: {path.TrimStart('/')}");
}
