using System.Text;
using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The response envelope of the v2 and v3 APIs, whose success code is 0.</summary>
internal static class Envelope
{
    public const string ContentType = "application/json";

    public static Answer Success(Action<Utf8JsonWriter> writeData) => Write(200, 0, "success", writeData);

    /// <summary>Returns a success whose data are sent while they are written.</summary>
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

    /// <summary>Returns the plain-text error of the parameter filter, which runs before the envelope is applied.</summary>
    public static Answer Filtered(NacosCall call, string text) =>
        new() { Status = 400, ContentType = ErrorPages.DefaultTypeOf(call.Below) ?? "", NeverCached = true, Body = Encoding.UTF8.GetBytes(text + "\r\n") };
}
