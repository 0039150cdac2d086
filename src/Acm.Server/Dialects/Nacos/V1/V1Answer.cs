using System.Text;
using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>The responses of the v1 API: text, JSON, or an envelope whose success code is 200.</summary>
internal static class V1Answer
{
    public static Answer Json(NacosCall call, string text, int status = 200) =>
        new() { Status = status, ContentType = ErrorPages.DefaultType(call), Body = Encoding.UTF8.GetBytes(text) };

    public static Answer Json(NacosCall call, Action<Utf8JsonWriter> write) =>
        new() { ContentType = ErrorPages.DefaultType(call), Body = NacosJson.Write(write) };

    /// <summary>Returns a response in the envelope.</summary>
    public static Answer Result(NacosCall call, Generation generation, int code, string? message, Action<Utf8JsonWriter> writeData) =>
        Json(call, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("code"u8, code);
            json.WriteString("message"u8, message);
            json.WritePropertyName("data"u8);
            writeData(json);
            if (generation >= Generation.Three) json.WriteBoolean("noRight"u8, false);
            json.WriteEndObject();
        });
}
