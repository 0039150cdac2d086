using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads the answer to a batch get (protocol reference, 5.5).</summary>
internal static class DiamondBatch
{
    private const int Exists = 1;
    private const int DoesNotExist = 2;

    /// <summary>One item a key in their order, null for one that the batch can't tell; null in all where the answer is not one of a server that has batch get.</summary>
    public static IReadOnlyList<ServerRead?>? Read(WireResponse response, IReadOnlyList<ConfigKey> keys)
    {
        // 412 says that some item failed, and carries the array all the same.
        if (response.Status is not (200 or 412)) return null;

        using JsonDocument? document = DiamondJson.Parse(response, out _);
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Array) return null;

        var byDataId = new Dictionary<string, ServerRead?>(StringComparer.Ordinal);
        foreach (JsonElement item in document.RootElement.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && item.Text("dataId") is { } dataId) byDataId[dataId] = ReadItem(item, response.Server);
        }

        // By name and not by place: an answer that left one out must not shift the others.
        return [.. keys.Select(key => byDataId.TryGetValue(key.DataId, out ServerRead? item) ? item : null)];
    }

    private static ServerRead? ReadItem(JsonElement item, string server)
    {
        int? status = item.Number("status");
        if (status == DoesNotExist) return new ServerRead(Value: null, ReadView.Only);
        if (status != Exists || item.Text("content") is not { } content) return null;

        // JSON can hold what the charset can't; the bytes of a get of its own are the truth.
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
