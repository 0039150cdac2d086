using System.Text.Json;
using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Many values of one group in one answer.</summary>
internal sealed class BatchReads(ConfigIndex index, RateLimit limit)
{
    private const int MaxItems = 1_000;
    private const int Exists = 1;
    private const int Absent = 2;
    private const int Failed = -1;

    private static readonly Words GetWords = new("config exits", "config not exits", "config not exits", "get config dump error");
    private static readonly Words QueryWords = new("query success", "query data does not exist", "dataId is blank", "query error: content is not valid text");

    /// <summary>412 where an item cannot be given as text; the array is there all the same.</summary>
    public Answer Get(Call call)
    {
        ConfigKey key = call.Key(defaultGroup: true);
        return call.Form.TextOrBlank("dataIds").Length == 0
            ? Answer.BadRequest("invalid dataIds")
            : Read(call, key.Group, GetWords, Absent, statusOfFailure: 412);
    }

    /// <summary>The original asks the database here, past its cache; ours has one truth.</summary>
    public Answer Query(Call call)
    {
        ConfigKey key = call.Key(defaultGroup: false);
        return call.Form.TextOrBlank("dataIds").Length == 0 || string.IsNullOrWhiteSpace(key.Group)
            ? Answer.Text(500, "invalid dataIds or group\n")
            : Read(call, key.Group, QueryWords, Failed, statusOfFailure: 200);
    }

    private Answer Read(Call call, string group, Words words, int statusOfBlank, int statusOfFailure)
    {
        string[] dataIds = call.Form.TextOrBlank("dataIds").Split('\u0002');
        if (dataIds.Length > MaxItems) return Answer.BadRequest($"too many dataIds, limit {MaxItems}");
        if (!dataIds.All(dataId => limit.Allows(call.ClientAddress, new ConfigKey(call.Tenant, group, dataId)))) return Answer.Throttled;

        bool failed = false;
        ReadOnlyMemory<byte> body = Json.Write(json =>
        {
            json.WriteStartArray();
            foreach (string dataId in dataIds)
            {
                ConfigEntry? entry = index.Find(new ConfigKey(call.Tenant, group, dataId));
                string charset = entry is null ? Charsets.Gbk : AcmView.Charset(entry);
                (byte[] Content, string Md5)? read = entry is null ? null : index.Read(entry, charset);
                string? text = read is null ? null : Charsets.TryDecodeContent(read.Value.Content, charset);
                (int status, string message) = (entry, text) switch
                {
                    (null, _) when dataId.Length == 0 => (statusOfBlank, words.Blank),
                    (null, _) => (Absent, words.Absent),
                    (_, null) => (Failed, words.Failed),
                    _ => (Exists, words.Exists),
                };
                failed |= status == Failed;
                WriteItem(json, dataId, group, text, status, message, entry, read?.Md5 ?? entry?.Md5);
            }

            json.WriteEndArray();
        });
        return new Answer { Status = failed ? statusOfFailure : 200, ContentType = Json.ContentType, Body = body, NeverCached = true };
    }

    private static void WriteItem(Utf8JsonWriter json, string dataId, string group, string? text, int status, string message, ConfigEntry? entry, string? md5)
    {
        json.WriteStartObject();
        json.WriteString("dataId"u8, dataId);
        json.WriteString("group"u8, group);
        json.WriteString("content"u8, text);
        json.WriteNumber("status"u8, status);
        json.WriteString("message"u8, message);
        json.WriteString("md5"u8, md5);
        json.WriteNumber("id"u8, entry?.Revision ?? 0);
        json.WriteNumber("lastModifiedTs"u8, entry?.ModifiedAt.ToUnixTimeMilliseconds() ?? 0);
        if (entry?.Metadata.EncryptedDataKey is { } dataKey) json.WriteString("encryptedDataKey"u8, dataKey);
        json.WriteEndObject();
    }

    /// <summary>The messages, spelled as the original server spells them.</summary>
    private sealed record Words(string Exists, string Absent, string Blank, string Failed);
}
