using System.Text;
using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The envelope of the second and third family, whose success is 0.</summary>
internal static class Envelope
{
    public const string ContentType = "application/json";

    public static Answer Success(Action<Utf8JsonWriter> writeData) => Write(200, 0, "success", writeData);

    /// <summary>The same for data of any size, which are sent as they are written.</summary>
    public static Answer SuccessInParts(IEnumerable<Action<Utf8JsonWriter>> parts) =>
        NacosJson.Streamed(ContentType, parts.Prepend(static json => WriteStart(json, 0, "success")).Append(static json => json.WriteEndObject()));

    public static Answer True { get; } = Success(static json => json.WriteBooleanValue(true));

    public static Answer Failure(int status, int code, string message, string? data) => Write(status, code, message, json => json.WriteStringValue(data));

    public static Answer Write(int status, int code, string message, Action<Utf8JsonWriter> writeData) => new()
    {
        Status = status,
        ContentType = ContentType,
        Body = NacosJson.Write(json =>
        {
            WriteStart(json, code, message);
            writeData(json);
            json.WriteEndObject();
        }),
    };

    private static void WriteStart(Utf8JsonWriter json, int code, string message)
    {
        json.WriteStartObject();
        json.WriteNumber("code"u8, code);
        json.WriteString("message"u8, message);
        json.WritePropertyName("data"u8);
    }

    /// <summary>The line of the filter in front of the calls, which knows no envelope.</summary>
    public static Answer Filtered(NacosCall call, string text) =>
        new() { Status = 400, ContentType = Pages.DefaultTypeOf(call.Below) ?? "", NeverCached = true, Body = Encoding.UTF8.GetBytes(text + "\r\n") };
}
