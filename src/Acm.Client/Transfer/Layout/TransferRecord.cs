using System.Text.Encodings.Web;
using System.Text.Json;
using Acm.Client.Text;

namespace Acm.Client.Transfer;

/// <summary>
/// The record of an export: the files with escaped names, cipher text or metadata. Exports without
/// such files have no record. It is JSON in a hidden file, which the Python CLI ignores.
/// </summary>
internal sealed class TransferRecord
{
    /// <summary>The name of the record in a folder; the Python CLI skips hidden files.</summary>
    public const string FileName = ".acm-export.json";

    /// <summary>The name of the record in a zip; the Python CLI skips only entries deeper than group and data ID.</summary>
    public const string ZipEntryName = ".acm/export/record.json";

    private const string Format = "acm-export";
    private const int Version = 1;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Gets the entries by relative path, with <c>/</c>. Sorted, so that exports are reproducible.</summary>
    public SortedDictionary<string, TransferRecordEntry> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Returns the JSON form.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream(1024);
        using (var json = new Utf8JsonWriter(stream, Readable))
        {
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteNumber("version", Version);
            json.WriteStartObject("files");
            foreach (KeyValuePair<string, TransferRecordEntry> file in Files) Write(json, file.Key, file.Value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Parses the JSON form.</summary>
    /// <param name="bytes">The JSON.</param>
    /// <param name="where">The location for error messages.</param>
    /// <exception cref="AcmException"><see cref="AcmErrorKind.InvalidContent"/>: it is damaged or has a later version.</exception>
    public static TransferRecord Parse(byte[] bytes, string where)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || Text(json, "format") != Format || !json.TryGetProperty("version", out JsonElement version) || !version.TryGetInt32(out int number))
                throw Damaged(where, "it is not a record of an export");
            if (number > Version) throw Damaged(where, $"it has version {number}, but this module supports version {Version} only");

            var record = new TransferRecord();
            foreach (JsonProperty file in json.GetProperty("files").EnumerateObject()) record.Files[file.Name] = Read(file.Value, where);
            return record;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Damaged(where, "it is not valid JSON, or a required member is missing", e);
        }
    }

    private static void Write(Utf8JsonWriter json, string path, TransferRecordEntry entry)
    {
        json.WriteStartObject(path);
        json.WriteString("group", entry.Key.Group);
        json.WriteString("dataId", entry.Key.DataId);
        if (entry.IsCipherText) json.WriteBoolean("cipherText", true);
        entry.Metadata.Write(json);
        if (entry.Md5 is not null) json.WriteString("md5", entry.Md5);
        json.WriteEndObject();
    }

    private static TransferRecordEntry Read(JsonElement json, string where) =>
        Text(json, "group") is { } group && Text(json, "dataId") is { } dataId
            ? new TransferRecordEntry
            {
                Key = new ConfigKey(dataId, group),
                IsCipherText = json.TryGetProperty("cipherText", out JsonElement cipherText) && cipherText.ValueKind == JsonValueKind.True,
                Metadata = ConfigMetadata.Read(json),
                Md5 = Text(json, "md5"),
            }
            : throw Damaged(where, "a file in it has no group or data id");

    private static string? Text(JsonElement json, string name) => JsonText.Text(json, name);

    private static AcmException Damaged(string where, string why, Exception? inner = null) =>
        new(AcmErrorKind.InvalidContent, $"The record '{where}' can't be used: {why}.", inner)
        {
            Advice = "Export again. Or remove the record: without it, only names that were too long and envelope-encrypted content cannot be read.",
        };
}
