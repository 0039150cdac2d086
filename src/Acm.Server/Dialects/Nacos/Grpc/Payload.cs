using System.Buffers.Binary;
using System.Text;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>
/// The only message of both gRPC methods (<c>nacos_grpc_service.proto</c> of Nacos 2): a type name, headers and a JSON body. Its five fields do not justify a code generator.
/// </summary>
/// <param name="Type">The simple name of the message type.</param>
/// <param name="Headers">The headers in the metadata.</param>
/// <param name="Body">UTF-8 JSON.</param>
internal sealed record Payload(string Type, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>The length of the gRPC message prefix: a compression flag and the message length.</summary>
    public const int HeadLength = 5;

    private const int MetadataField = 2;
    private const int BodyField = 3;
    private const int TypeField = 3;
    private const int HeadersField = 7;
    private const int ClientIpField = 8;
    private const int ValueField = 2;

    /// <summary>Parses a message.</summary>
    /// <exception cref="InvalidDataException">The bytes are not protobuf.</exception>
    public static Payload Parse(ReadOnlyMemory<byte> message)
    {
        string type = "";
        var headers = new HeaderDictionary();
        ReadOnlyMemory<byte> body = default;
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            if (fields.Field == MetadataField) ReadMetadata(fields.Value, ref type, headers);
            else if (fields.Field == BodyField) body = Find(fields.Value, ValueField);
        }

        return new Payload(type, headers, body);
    }

    /// <summary>Returns the bytes of a message with the gRPC prefix.</summary>
    /// <param name="type">The simple name of the message type.</param>
    /// <param name="body">UTF-8 JSON.</param>
    /// <param name="clientIp">The <c>clientIp</c> of the metadata; empty in responses.</param>
    public static byte[] Frame(string type, ReadOnlySpan<byte> body, string clientIp)
    {
        ReadOnlySpan<byte> typeBytes = Encoding.UTF8.GetBytes(type);
        ReadOnlySpan<byte> ipBytes = Encoding.UTF8.GetBytes(clientIp);
        int metadata = ProtobufWriter.Size(typeBytes.Length) + ProtobufWriter.Size(ipBytes.Length);
        int any = ProtobufWriter.Size(body.Length);
        int length = ProtobufWriter.Size(metadata) + ProtobufWriter.Size(any);
        byte[] frame = new byte[HeadLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        var writer = new ProtobufWriter(frame.AsSpan(HeadLength));
        writer.Begin(MetadataField, metadata);
        writer.Write(TypeField, typeBytes);
        writer.Write(ClientIpField, ipBytes);
        writer.Begin(BodyField, any);
        writer.Write(ValueField, body);
        return frame;
    }

    private static void ReadMetadata(ReadOnlyMemory<byte> metadata, ref string type, HeaderDictionary headers)
    {
        var fields = new ProtobufReader(metadata);
        while (fields.Next())
        {
            if (fields.Field == TypeField) type = Text(fields.Value);
            else if (fields.Field == HeadersField) headers[Text(Find(fields.Value, 1))] = Text(Find(fields.Value, 2));
        }
    }

    private static ReadOnlyMemory<byte> Find(ReadOnlyMemory<byte> message, int field)
    {
        ReadOnlyMemory<byte> found = default;
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            if (fields.Field == field) found = fields.Value;
        }

        return found;
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
