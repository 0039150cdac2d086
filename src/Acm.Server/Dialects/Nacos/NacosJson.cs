using System.Text.Encodings.Web;
using System.Text.Json;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Writes JSON like Nacos: UTF-8, with only the necessary escapes.</summary>
internal static class NacosJson
{
    private const int FlushAt = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write) => Json.Write(write, Options);

    /// <summary>Returns a response that is sent while it is written, because many clients may request large responses and read them slowly.</summary>
    /// <param name="contentType">The content type of the response.</param>
    /// <param name="parts">Actions that write the JSON in order; the response may be flushed after each of them.</param>
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
