using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Acm.Server.Http;
using Acm.Server.Limits;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Acm;

/// <summary>Reads several configurations of a group.</summary>
internal sealed class BatchReads(ConfigIndex index, RateLimit limit)
{
    private const int MaxItems = 1_000;
    private const int Exists = 1;
    private const int Absent = 2;
    private const int Failed = -1;

    /// <summary>The maximum size of the contents in a response, which fits more than 100 configurations of the default maximum size.</summary>
    private const long MaxBytes = 16 * 1024 * 1024;

    private const int PartLength = 4 * 1024;
    private const int FlushAt = 16 * 1024;

    private static readonly Words GetWords = new("config exits", "config not exits", "config not exits", "get config dump error");
    private static readonly Words QueryWords = new("query success", "query data does not exist", "dataId is blank", "query error: content is not valid text");

    /// <summary>Handles <c>batchGetConfig</c>. The status is 412 if an item is not valid text, but the response has the array.</summary>
    public Answer Get(AcmCall call)
    {
        ConfigKey key = call.Key(defaultGroup: true);
        return call.Form.TextOrBlank("dataIds").Length == 0
            ? Answer.BadRequest("invalid dataIds")
            : Read(call, key.Group, GetWords, Absent, statusOfFailure: 412);
    }

    /// <summary>Handles <c>batchQuery</c>, for which the original server bypasses its cache. This server has no separate cache.</summary>
    public Answer Query(AcmCall call)
    {
        ConfigKey key = call.Key(defaultGroup: false);
        return call.Form.TextOrBlank("dataIds").Length == 0 || string.IsNullOrWhiteSpace(key.Group)
            ? Answer.Text(500, "invalid dataIds or group\n")
            : Read(call, key.Group, QueryWords, Failed, statusOfFailure: 200);
    }

    private Answer Read(AcmCall call, string group, Words words, int statusOfBlank, int statusOfFailure)
    {
        // Repeated data IDs are read once.
        string[] dataIds = [.. call.Form.TextOrBlank("dataIds").Split('\u0002').Distinct(StringComparer.Ordinal)];
        if (dataIds.Length > MaxItems) return Answer.BadRequest($"too many dataIds, limit {MaxItems}");
        if (NameRules.GroupRefusal(call.Tenant, group) is { } refusal) return Answer.BadRequest(refusal);
        if (!dataIds.All(dataId => limit.Allows(call.ClientAddress, new ConfigKey(call.Tenant, group, dataId)))) return Answer.Throttled;

        long bytes = 0;
        var items = new List<Item>(dataIds.Length);
        foreach (string dataId in dataIds) items.Add(Find(new ConfigKey(call.Tenant, group, dataId), words, statusOfBlank, ref bytes));

        int status = items.Exists(item => item.Status == Failed) ? statusOfFailure : 200;
        return new Answer
        {
            Status = status,
            ContentType = Json.ContentType,
            NeverCached = true,
            Stream = (output, cancellationToken) => WriteAsync(output, items, cancellationToken),
        };
    }

    private Item Find(ConfigKey key, Words words, int statusOfBlank, ref long bytes)
    {
        if (index.Find(key) is not { } entry) return key.DataId.Length == 0 ? new Item(key, null, statusOfBlank, words.Blank) : new Item(key, null, Absent, words.Absent);

        // Clients read a failed item with a single get, so items that do not fit are marked as failed too.
        string charset = AcmView.Charset(entry);
        if (bytes + entry.Length > MaxBytes || index.Read(entry, charset) is not { } read || !Charsets.IsText(read.Content, charset))
            return new Item(key, entry, Failed, words.Failed);

        bytes += entry.Length;
        return new Item(key, entry, Exists, words.Exists);
    }

    // Contents are read, decoded and written while the client reads the response, so that only one content is in memory.
    private async Task WriteAsync(PipeWriter output, List<Item> items, CancellationToken cancellationToken)
    {
        using var json = new Utf8JsonWriter(output, Json.Options);
        json.WriteStartArray();
        foreach (Item item in items)
        {
            ConfigEntry? entry = item.Entry;
            json.WriteStartObject();
            json.WriteString("dataId"u8, item.Key.DataId);
            json.WriteString("group"u8, item.Key.Group);
            json.WritePropertyName("content"u8);
            string charset = entry is null ? Charsets.Gbk : AcmView.Charset(entry);
            (byte[] Content, string Md5)? read = item.Status == Exists ? index.Read(entry!, charset) : null;
            if (read is null) json.WriteNullValue();
            else await WriteTextAsync(json, output, read.Value.Content, charset, cancellationToken).ConfigureAwait(false);
            json.WriteNumber("status"u8, item.Status);
            json.WriteString("message"u8, item.Message);
            json.WriteString("md5"u8, read?.Md5 ?? entry?.Md5);
            json.WriteNumber("id"u8, entry?.Revision ?? 0);
            json.WriteNumber("lastModifiedTs"u8, entry?.ModifiedAt.ToUnixTimeMilliseconds() ?? 0);
            if (entry?.Metadata.EncryptedDataKey is { } dataKey) json.WriteString("encryptedDataKey"u8, dataKey);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task WriteTextAsync(Utf8JsonWriter json, PipeWriter output, ReadOnlyMemory<byte> content, string charset, CancellationToken cancellationToken)
    {
        Decoder decoder = Charsets.Decoder(charset);
        char[] part = new char[PartLength];
        bool isWhole;
        do
        {
            decoder.Convert(content.Span, part, flush: true, out int bytes, out int length, out isWhole);
            content = content[bytes..];
            json.WriteStringValueSegment(part.AsSpan(0, length), isFinalSegment: isWhole);
            if (json.BytesPending + output.UnflushedBytes < FlushAt) continue;

            json.Flush();
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        while (!isWhole);
    }

    private sealed record Item(ConfigKey Key, ConfigEntry? Entry, int Status, string Message);

    /// <summary>The messages, with the spelling of the original server.</summary>
    private sealed record Words(string Exists, string Absent, string Blank, string Failed);
}
