using System.Globalization;
using System.Text.Json;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Reads the history of a configuration: an extension of this server. The protocol has no gray versions.</summary>
internal sealed class HistoryReads(ConfigStore store)
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 500;

    /// <summary>Returns a page of changes, newest first.</summary>
    public Answer List(AcmCall call)
    {
        ConfigKey key = call.Key(defaultGroup: true);
        if (NameRules.Refusal(key) is { } refusal) return Answer.BadRequest(refusal);
        if (!NamespaceLists.TryNumber(call.Form.TextOrBlank("pageNo"), 1, int.MaxValue, out int pageNumber)) return Answer.BadRequest("invalid pageNo");
        if (!NamespaceLists.TryNumber(call.Form.TextOrBlank("pageSize"), DefaultPageSize, MaxPageSize, out int pageSize)) return Answer.BadRequest("invalid pageSize");

        HistoryPage page = store.History(key, (pageNumber - 1L) * pageSize, pageSize, formalOnly: true);
        return JsonOf(json =>
        {
            json.WriteNumber("totalCount"u8, page.TotalCount);
            json.WriteNumber("pageNumber"u8, pageNumber);
            json.WriteNumber("pagesAvailable"u8, ((long)page.TotalCount + pageSize - 1) / pageSize);
            json.WriteStartArray("pageItems"u8);
            foreach (HistoryItem item in page.Items)
            {
                json.WriteStartObject();
                WriteChange(json, item);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <summary>Returns a change, with the inserted content of an insertion, or else the content before the change.</summary>
    public Answer One(AcmCall call)
    {
        ConfigKey key = call.Key(defaultGroup: true);
        if (NameRules.Refusal(key) is { } refusal) return Answer.BadRequest(refusal);
        if (!long.TryParse(call.Form.TextOrBlank("id"), NumberStyles.None, CultureInfo.InvariantCulture, out long id)) return Answer.BadRequest("invalid id");

        return store.FindChange(id) is { Gray.Length: 0 } item && item.Key == key ? JsonOf(json => WriteWhole(json, item)) : Answer.NotFound;
    }

    private void WriteWhole(Utf8JsonWriter json, HistoryItem item)
    {
        WriteChange(json, item);
        json.WriteString("dataId"u8, item.Key.DataId);
        json.WriteString("group"u8, item.Key.Group);
        json.WriteString("content"u8, store.Text(item));
        json.WriteString("charset"u8, item.Charset == Charsets.Utf8 ? "utf-8" : "gbk");
        json.WriteString("appName"u8, item.Metadata.AppName);
        json.WriteString("encryptedDataKey"u8, item.Metadata.EncryptedDataKey);
    }

    private static void WriteChange(Utf8JsonWriter json, HistoryItem item)
    {
        json.WriteString("id"u8, item.Revision.ToString(CultureInfo.InvariantCulture));
        json.WriteString("operation"u8, item.Operation switch
        {
            Operation.Insert => "insert",
            Operation.Update => "update",
            _ => "delete",
        });
        json.WriteNumber("time"u8, item.At.ToUnixTimeMilliseconds());
        json.WriteString("user"u8, item.By);
        json.WriteString("address"u8, item.From);
    }

    private static Answer JsonOf(Action<Utf8JsonWriter> write) => new()
    {
        ContentType = Json.ContentType,
        Body = Json.Write(json =>
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }),
        NeverCached = true,
    };
}
