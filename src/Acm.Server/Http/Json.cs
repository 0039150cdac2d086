using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Acm.Server.Http;

/// <summary>Writes JSON in pure ASCII, because clients disagree about the charset, but all read \u escapes.</summary>
internal static class Json
{
    public const string ContentType = "application/json;charset=UTF-8";

    /// <summary>Gets the options; the default encoder escapes all characters outside ASCII.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.Default };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write, JsonWriterOptions? options = null)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, options ?? Options)) write(writer);
        return buffer.WrittenMemory;
    }
}
