using System.Text;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>How a gRPC call ends (https://grpc.github.io/grpc/core/md_doc_statuscodes.html).</summary>
/// <param name="Code">The number of the status.</param>
/// <param name="Message">Why; blank where nothing is wrong.</param>
internal sealed record GrpcStatus(int Code, string Message = "")
{
    /// <summary>The message as it travels: what is not printable ASCII is percent-encoded.</summary>
    public string EncodedMessage => string.Concat(Encoding.UTF8.GetBytes(Message).Select(b => b is >= 0x20 and <= 0x7E and not (byte)'%' ? ((char)b).ToString() : $"%{b:X2}"));

    public static GrpcStatus Ok { get; } = new(0);

    public static GrpcStatus Stopping { get; } = new(1, "The server is stopping.");

    public static GrpcStatus NotProtobuf { get; } = new(2, "The message is not protobuf.");

    public static GrpcStatus TooSlow { get; } = new(8, "The message came too slowly, or there are too many large ones.");

    public static GrpcStatus Compressed { get; } = new(12, "Compressed messages are not supported.");

    public static GrpcStatus Incomplete { get; } = new(13, "The message is incomplete.");

    /// <summary>The message is as the real servers word it.</summary>
    public static GrpcStatus TooLarge(long length) => new(8, $"gRPC message exceeds maximum size {MessageReader.MaxLength}: {length}");

    public static GrpcStatus NoSuchMethod(string path) => new(12, $"Method not found: {path.TrimStart('/')}");
}
