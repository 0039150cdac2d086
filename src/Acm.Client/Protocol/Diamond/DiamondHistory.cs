using System.Globalization;
using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Diamond;

/// <summary>Reads the history of a configuration, which acm-server supports and Alibaba Cloud's servers do not.</summary>
internal static class DiamondHistory
{
    public static HistoryPage Page(WireResponse response, string @namespace, ConfigKey key)
    {
        JsonElement root = Root(response, @namespace, key);
        if (!JsonText.TryGet(root, "pageItems", out JsonElement list) || list.ValueKind != JsonValueKind.Array || root.Number("pagesAvailable") is not { } pages) throw Missing(response, key);

        return new HistoryPage([.. list.EnumerateArray().Select(item => Row(response, key, item))], pages);
    }

    /// <summary>Reads the value of a change; null if the server does not have this change of this configuration, or no longer its content.</summary>
    public static ServerValue? Value(WireResponse response, string @namespace, ConfigKey key)
    {
        if (response.Status == 404 && !DiamondGet.LooksLikePage(response)) return null;

        JsonElement item = Root(response, @namespace, key);
        if (item.Text("dataId") != key.DataId || item.Text("group") != key.Group) throw DiamondErrors.Garbled(response, "it is about another configuration", key);
        if (item.Text("content") is not { Length: > 0 } text) return null;

        bool isUtf8 = item.Text("charset") == "utf-8";
        byte[] bytes = isUtf8 ? StrictUtf8.GetBytes(text) : GbkContent.Encode(text, allowEuroSign: true);
        return new ServerValue
        {
            Text = text,
            Bytes = bytes,
            Md5 = Md5Hex.Of(bytes),
            Charset = isUtf8 ? "utf-8" : "gbk",
            Server = response.Server,
            Metadata = new ConfigMetadata { AppName = item.Text("appName") is { Length: > 0 } name ? name : null, EncryptedDataKey = item.Text("encryptedDataKey") },
        };
    }

    private static JsonElement Root(WireResponse response, string @namespace, ConfigKey key)
    {
        // Other servers reject an unknown method as a bad request.
        if (response.Status is 400 or 404 or 405) throw Missing(response, key);
        if (response.Status != 200) throw DiamondErrors.For(response, @namespace, "Reading the history of", key);

        using JsonDocument? document = DiamondJson.Parse(response, out _);
        return document is { RootElement.ValueKind: JsonValueKind.Object } ? document.RootElement.Clone() : throw Missing(response, key);
    }

    private static HistoryRow Row(WireResponse response, ConfigKey key, JsonElement item)
    {
        if (!long.TryParse(item.Text("id"), NumberStyles.None, CultureInfo.InvariantCulture, out long id)) throw DiamondErrors.Garbled(response, "a change of the history has no id", key);
        if (!JsonText.TryGet(item, "time", out JsonElement time) || time.ValueKind != JsonValueKind.Number || !time.TryGetInt64(out long milliseconds)) throw DiamondErrors.Garbled(response, "a change of the history has no time", key);

        RevisionKind kind = item.Text("operation") switch
        {
            "insert" => RevisionKind.Added,
            "update" => RevisionKind.Changed,
            "delete" => RevisionKind.Removed,
            _ => throw DiamondErrors.Garbled(response, "a change of the history is of an unknown kind", key),
        };
        return new HistoryRow(id, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), kind, item.Text("user") ?? "", item.Text("address") ?? "", GrayName: null);
    }

    private static AcmException Missing(WireResponse response, ConfigKey key) => new(AcmErrorKind.CapabilityMissing, $"{response.Server} does not keep the history of configurations.")
    {
        Key = key,
        Advice = "Use a server that does, such as acm-server or Nacos.",
        IsFinal = true,
    };
}
