using System.Text;
using System.Text.Json;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>
/// The one message of both gRPC calls (<c>nacos_grpc_service.proto</c> of Nacos 2): the name of a type, headers, and a body of JSON. The server's half is written apart from this one, so that each
/// checks the other.
/// </summary>
/// <param name="Type">The simple name of the type.</param>
/// <param name="Body">UTF-8 JSON.</param>
internal sealed record NacosPayload(string Type, byte[] Body)
{
    private const int MetadataField = 2;
    private const int BodyField = 3;
    private const int TypeField = 3;
    private const int HeadersField = 7;
    private const int ValueField = 2;

    /// <summary>The headers that go with it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body as JSON; null where it is no object.</summary>
    public JsonElement? Json
    {
        get
        {
            try
            {
                using var document = JsonDocument.Parse(Body);
                return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <exception cref="InvalidDataException">The bytes are not protobuf.</exception>
    public static NacosPayload Read(byte[] message)
    {
        string type = "";
        byte[] body = [];
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            if (fields.Field == MetadataField) type = Encoding.UTF8.GetString(Find(fields.Value, TypeField));
            else if (fields.Field == BodyField) body = Find(fields.Value, ValueField).ToArray();
        }

        return new NacosPayload(type, body);
    }

    public static byte[] Write(NacosPayload payload)
    {
        using var metadata = new MemoryStream();
        WriteField(metadata, TypeField, Encoding.UTF8.GetBytes(payload.Type));
        foreach (KeyValuePair<string, string> header in payload.Headers)
        {
            using var entry = new MemoryStream();
            WriteField(entry, 1, Encoding.UTF8.GetBytes(header.Key));
            WriteField(entry, 2, Encoding.UTF8.GetBytes(header.Value));
            WriteField(metadata, HeadersField, entry.ToArray());
        }

        using var value = new MemoryStream(payload.Body.Length + 8);
        WriteField(value, ValueField, payload.Body);
        using var message = new MemoryStream((int)(metadata.Length + value.Length) + 16);
        WriteField(message, MetadataField, metadata.ToArray());
        WriteField(message, BodyField, value.ToArray());
        return message.ToArray();
    }

    /// <summary>The type. The body may hold what is secret.</summary>
    public override string ToString() => ForeignText.Clean(Type);

    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> message, int field)
    {
        ReadOnlySpan<byte> found = default;
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            if (fields.Field == field) found = fields.Value;
        }

        return found;
    }

    private static void WriteField(MemoryStream target, int field, byte[] value)
    {
        target.WriteByte((byte)((field << 3) | 2));
        uint length = (uint)value.Length;
        for (; length >= 0x80; length >>= 7) target.WriteByte((byte)(length | 0x80));
        target.WriteByte((byte)length);
        target.Write(value);
    }
}
