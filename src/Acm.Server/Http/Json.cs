using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Acm.Server.Http;

/// <summary>JSON in pure ASCII: peers disagree about its charset, and all of them read \u escapes.</summary>
internal static class Json
{
    public const string ContentType = "application/json;charset=UTF-8";

    /// <summary>The default encoder escapes everything outside ASCII.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.Default };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return buffer.WrittenMemory;
    }
}
