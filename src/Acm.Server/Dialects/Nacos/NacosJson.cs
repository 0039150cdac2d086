using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>JSON as these servers write it: UTF-8, and nothing escaped that need not be.</summary>
internal static class NacosJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return buffer.WrittenMemory;
    }

    /// <summary>An answer of many bytes, about as many as expected.</summary>
    public static Answer Large(string contentType, int expected, Action<Utf8JsonWriter> write)
    {
        var bytes = new PooledBytes(expected);
        try
        {
            using (var writer = new Utf8JsonWriter(bytes, Options)) write(writer);
            return new Answer { ContentType = contentType, Body = bytes.Written, Pooled = bytes };
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }
}
