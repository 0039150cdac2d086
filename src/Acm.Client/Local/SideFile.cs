using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Acm.Client.Text;

namespace Acm.Client.Local;

/// <summary>What lies beside a stored configuration: its true names, and what its bytes do not tell themselves.</summary>
internal sealed class SideFile
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The namespace; empty for the blank one.</summary>
    public required string Namespace { get; init; }

    /// <summary>Group and data id.</summary>
    public required ConfigKey Key { get; init; }

    /// <summary>MD5 of the content in lower-case hex.</summary>
    public required string Md5 { get; init; }

    /// <summary>Charset of the content.</summary>
    public required string Charset { get; init; }

    /// <summary>What was stored beside the content on the server, as far as that is known.</summary>
    public ConfigMetadata Metadata { get; init; } = ConfigMetadata.None;

    /// <summary>When the value was last changed on the server; null where that is not known.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary>When a server said that the configuration is gone; null while it is there.</summary>
    public DateTimeOffset? AbsentSince { get; init; }

    /// <summary>The JSON of this.</summary>
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

    /// <summary>Reads the JSON; null if it is torn or not ours.</summary>
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
