using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Acm.Client.Text;

namespace Acm.Client.Local;

/// <summary>The side file of a stored configuration: its names, and what the content does not tell.</summary>
internal sealed class SideFile
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets the namespace ID; empty for the default namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>Gets group and data ID.</summary>
    public required ConfigKey Key { get; init; }

    /// <summary>Gets the MD5 of the content in lower-case hexadecimal.</summary>
    public required string Md5 { get; init; }

    /// <summary>Gets the charset of the content.</summary>
    public required string Charset { get; init; }

    /// <summary>Gets the metadata on the server, as far as it is known.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>Gets when the value was last changed on the server; null if unknown.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>Gets when a server reported that the configuration does not exist; null if it exists.</summary>
    public DateTimeOffset? AbsentSince { get; init; }

    /// <summary>Returns the JSON form.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            json.WriteString("dataId", Key.DataId);
            json.WriteString("group", Key.Group);
            json.WriteString("namespace", Namespace);
            json.WriteString("md5", Md5);
            json.WriteString("charset", Charset);
            Metadata.Write(json);
            WriteTime(json, "lastModified", LastModified);
            WriteTime(json, "absentSince", AbsentSince);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Parses the JSON form; returns null if it is torn or in another format.</summary>
    public static SideFile? TryParse(byte[] bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object) return null;

            if (Text(json, "dataId") is not { } dataId || Text(json, "group") is not { } group || Text(json, "namespace") is not { } ns
                || Text(json, "md5") is not { } md5 || Text(json, "charset") is not { } charset)
            {
                return null;
            }

            return new SideFile
            {
                Key = new ConfigKey(dataId, group),
                Namespace = ns,
                Md5 = md5,
                Charset = charset,
                Metadata = ConfigMetadata.Read(json),
                LastModified = Time(json, "lastModified"),
                AbsentSince = Time(json, "absentSince"),
            };
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value) json.WriteString(name, value.ToString("O", CultureInfo.InvariantCulture));
    }

    private static string? Text(JsonElement json, string name) => JsonText.Text(json, name);

    private static DateTimeOffset? Time(JsonElement json, string name) =>
        Text(json, name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) : null;
}
