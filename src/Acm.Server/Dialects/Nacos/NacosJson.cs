using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>JSON as these servers write it: UTF-8, and nothing escaped that need not be.</summary>
internal static class NacosJson
{
    private const int FlushAt = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options)) write(writer);
        return buffer.WrittenMemory;
    }

    /// <summary>An answer that is sent as it is written, and never held as a whole: many clients may ask for large ones and read them slowly.</summary>
    /// <param name="contentType">Its type.</param>
    /// <param name="parts">Write the JSON one after the other; after each of them what is there may be sent.</param>
    public static Answer Streamed(string contentType, IEnumerable<Action<Utf8JsonWriter>> parts) => new()
    {
        ContentType = contentType,
        Stream = async (output, cancellationToken) =>
        {
            using var json = new Utf8JsonWriter(output, Options);
            foreach (Action<Utf8JsonWriter> write in parts)
            {
                write(json);
                if (json.BytesPending + output.UnflushedBytes < FlushAt) continue;

                json.Flush();
                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            json.Flush();
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        },
    };
}
