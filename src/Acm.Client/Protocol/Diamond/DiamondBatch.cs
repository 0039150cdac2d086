using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads the response to a batch (npm acm-client 3.1.0 sends the same request).</summary>
internal static class DiamondBatch
{
    private const int Exists = 1;
    private const int DoesNotExist = 2;

    /// <summary>Returns one item per key, in order; null for a key that the batch did not answer. Null altogether if the server does not support batches.</summary>
    public static IReadOnlyList<ServerRead?>? Read(WireResponse response, IReadOnlyList<ConfigKey> keys)
    {
        // Status 412 means that an item failed; the array is present nevertheless.
        if (response.Status is not (200 or 412)) return null;

        using JsonDocument? document = DiamondJson.Parse(response, out _);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Array) return null;

        var byDataId = new Dictionary<string, ServerRead?>(StringComparer.Ordinal);
        foreach (JsonElement item in document.RootElement.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && item.Text("dataId") is { } dataId) byDataId[dataId] = ReadItem(item, response.Server);
        }

        // Matched by name, not by position: a missing item must not shift the others.
        return [.. keys.Select(key => byDataId.TryGetValue(key.DataId, out ServerRead? item) ? item : null)];
    }

    private static ServerRead? ReadItem(JsonElement item, string server)
    {
        int? status = item.Number("status");
        if (status == DoesNotExist) return new ServerRead(Value: null, ReadView.Only);
        if (status != Exists || item.Text("content") is not { } content) return null;

        // JSON may contain characters that GBK lacks; then the key is read individually.
        if (GbkText.Encode(content, allowEuroSign: true, out _) is not { } bytes) return null;

        string md5 = Md5Hex.Of(bytes);
        if (item.Text("md5") is { } declared && !string.Equals(declared, md5, StringComparison.OrdinalIgnoreCase)) return null;

        var value = new ServerValue
        {
            Text = content,
            Bytes = bytes,
            Md5 = md5,
            Charset = "gbk",
            Server = server,
            LastModified = Modified(item),
            Metadata = ConfigMetadata.OfDataKey(item.Text("encryptedDataKey")),
        };
        return new ServerRead(value, ReadView.Only);
    }

    private static DateTimeOffset? Modified(JsonElement item) =>
        JsonText.TryGet(item, "lastModifiedTs", out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long milliseconds) && milliseconds > 0
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
