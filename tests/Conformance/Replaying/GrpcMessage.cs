using System.Text;
using System.Text.Json;
using Acm.Conformance.Json;
using Acm.Server.Dialects.Nacos.Grpc;

namespace Acm.Conformance.Replaying;

/// <summary>A message over gRPC, as the recorder writes and reads it.</summary>
internal sealed class GrpcMessage
{
    private const int LongBody = 100_000;
    private const int HeadLength = 200;

    private GrpcMessage(string type, string clientIp, string typeUrl, string body)
    {
        Type = type;
        ClientIp = clientIp;
        TypeUrl = typeUrl;
        Body = body;
    }

    public string Type { get; }

    public string ClientIp { get; }

    public string TypeUrl { get; }

    public string Body { get; }

    /// <summary>A member of the body; null where it is absent or no text.</summary>
    public string? Text(string member) => (JsonValue.ParseStructure(Body) as JsonMap)?.Text(member);

    /// <summary>A member of the body that is an object; null where it is absent or something else.</summary>
    public JsonMap? Map(string member) => (JsonValue.ParseStructure(Body) as JsonMap)?.Map(member);

    /// <summary>The message as a row of a recording has it.</summary>
    public JsonMap ToRow()
    {
        bool isLong = Encoding.UTF8.GetByteCount(Body) > LongBody;
        var row = new Dictionary<string, object> { ["type"] = Type, ["client_ip"] = ClientIp, ["headers"] = new Dictionary<string, string>(), ["type_url"] = TypeUrl };
        if (isLong) row["body_note"] = new { bytes = Encoding.UTF8.GetByteCount(Body), head = Body[..HeadLength] };
        else row["body"] = Body;
        return (JsonMap)JsonValue.Parse(JsonSerializer.Serialize(row))!;
    }

    public static GrpcMessage Read(byte[] message)
    {
        string type = "";
        string clientIp = "";
        string typeUrl = "";
        string body = "";
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            int part = fields.Field;
            var inner = new ProtobufReader(fields.Value);
            while (inner.Next())
            {
                string text = Encoding.UTF8.GetString(inner.Value.Span);
                if ((part, inner.Field) == (2, 3)) type = text;
                else if ((part, inner.Field) == (2, 8)) clientIp = text;
                else if ((part, inner.Field) == (3, 1)) typeUrl = text;
                else if ((part, inner.Field) == (3, 2)) body = text;
            }
        }

        return new GrpcMessage(type, clientIp, typeUrl, body);
    }

    public static byte[] Write(string type, string body, IEnumerable<KeyValuePair<string, string>> headers)
    {
        var metadata = new List<byte>(Field(3, Encoding.UTF8.GetBytes(type)));
        foreach ((string name, string value) in headers) metadata.AddRange(Field(7, [.. Field(1, Encoding.UTF8.GetBytes(name)), .. Field(2, Encoding.UTF8.GetBytes(value))]));
        metadata.AddRange(Field(8, "127.0.0.1"u8.ToArray()));
        return [.. Field(2, [.. metadata]), .. Field(3, Field(2, Encoding.UTF8.GetBytes(body)))];
    }

    private static byte[] Field(int number, byte[] data)
    {
        if (data.Length == 0) return [];

        var head = new List<byte> { (byte)((number << 3) | 2) };
        uint length = (uint)data.Length;
        for (; length >= 0x80; length >>= 7) head.Add((byte)(length | 0x80));
        head.Add((byte)length);
        return [.. head, .. data];
    }
}
