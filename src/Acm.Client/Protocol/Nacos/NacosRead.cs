using System.Text.Json;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Reads responses for one key: served values of both APIs, and stored values. Null for a missing configuration.</summary>
internal static class NacosRead
{
    /// <summary>Reads the response of the v1 API: the plain content.</summary>
    public static ServerValue? Plain(WireResponse response, NacosServer server, string @namespace, ConfigKey key)
    {
        // A web page with the same status means that the call does not exist, or that the server is not Nacos.
        if (response.Status == 404 && NacosAnswer.Of(response).Text.StartsWith("config data not exist", StringComparison.Ordinal)) return null;
        if (response.Status != 200) throw NacosErrors.For(response, @namespace, "Reading", key);

        string md5 = Md5Hex.Of(response.Body);

        // All versions send a checksum, unlike the login page of a gateway.
        if (response.Header("Content-MD5") is not { } declared) throw NacosErrors.Garbled(response, "it has no checksum, so it did not come from a Nacos server", key);

        // Versions without compare-and-swap may send the MD5 of the previous value just after an update.
        bool differs = server.ComparesMd5 && !string.Equals(declared.Trim(), md5, StringComparison.OrdinalIgnoreCase);
        bool isOpen = differs && IsEncrypted(key);
        if (differs && !isOpen)
        {
            throw NacosErrors.Garbled(response, $"its bytes have the MD5 {md5}, but it declares '{ForeignText.Clean(declared)}'", key);
        }

        return new ServerValue
        {
            Text = StrictUtf8.TryGetString(response.Body) ?? throw NacosErrors.Garbled(response, "it is not UTF-8", key),
            Bytes = response.Body,
            Md5 = isOpen ? declared.Trim() : md5,
            Charset = "utf-8",
            Server = response.Server,
            LastModified = response.LastModified,
            IsOpen = isOpen,
            Metadata = new ConfigMetadata { Type = Given(response.Header("Config-Type")), EncryptedDataKey = isOpen ? null : Given(response.Header("Encrypted-Data-Key")) },
        };
    }

    /// <summary>Reads the response of the v3 client API: an envelope.</summary>
    public static ServerValue? Served(WireResponse response, string @namespace, ConfigKey key)
    {
        var answer = NacosAnswer.Of(response);
        if (answer.Code == 20004) return null;
        if (response.Status != 200 || answer.Code != 0 || answer.Data is not { } data) throw NacosErrors.For(response, @namespace, "Reading", key);

        return Value(response, key, data, new ConfigMetadata { Type = Given(JsonText.Text(data, "contentType")) }, "lastModified", hasAllMetadata: false);
    }

    /// <summary>Reads a stored value, from either API.</summary>
    public static ServerValue? Stored(WireResponse response, NacosServer server, string @namespace, ConfigKey key)
    {
        var answer = NacosAnswer.Of(response);
        if (server.HasV3 ? answer.Code == 20004 : response.Status == 200 && response.Body.Length == 0) return null;

        JsonElement? found = server.HasV3 ? answer.Code == 0 ? answer.Data : null : answer.Root;
        if (response.Status != 200 || found is not { ValueKind: JsonValueKind.Object } data) throw NacosErrors.For(response, @namespace, "Reading", key);

        var metadata = new ConfigMetadata
        {
            Type = Given(JsonText.Text(data, "type")),
            Tags = Given(JsonText.Text(data, "configTags")),
            Description = Given(JsonText.Text(data, "desc")),
            AppName = Given(JsonText.Text(data, "appName")),
            Schema = Given(JsonText.Text(data, "schema")),
            Use = Given(JsonText.Text(data, "use")),
            Rest = Given(JsonText.Text(data, "effect")),
        };
        return Value(response, key, data, metadata, "modifyTime", hasAllMetadata: true);
    }

    /// <summary>Reads the value in a JSON object and checks its MD5.</summary>
    public static ServerValue Value(WireResponse response, ConfigKey key, JsonElement data, ConfigMetadata metadata, string modified, bool hasAllMetadata = false)
    {
        string text = JsonText.Text(data, "content") ?? throw NacosErrors.Garbled(response, "it has no content", key);
        byte[] bytes = StrictUtf8.GetBytes(text);
        string md5 = Md5Hex.Of(bytes);
        string? declared = Given(JsonText.Text(data, "md5"));
        bool differs = declared is not null && declared != md5;
        bool isOpen = differs && IsEncrypted(key);
        if (differs && !isOpen) throw NacosErrors.Garbled(response, $"its content has the MD5 {md5}, but it declares '{ForeignText.Clean(declared)}'", key);

        return new ServerValue
        {
            Text = text,
            Bytes = bytes,
            Md5 = isOpen ? declared! : md5,
            Charset = "utf-8",
            Server = response.Server,
            ModifiedBy = Given(JsonText.Text(data, "createUser")),
            ModifiedFrom = Given(JsonText.Text(data, "createIp")),
            IsOpen = isOpen,
            HasAllMetadata = hasAllMetadata,
            LastModified = NacosAnswer.Number(data, modified) is { } milliseconds and > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null,
            Metadata = metadata with { EncryptedDataKey = isOpen ? null : Given(JsonText.Text(data, "encryptedDataKey")) },
        };
    }

    /// <summary>
    /// Returns whether a server's encryption plugin decrypts the response: the checksum is then that of the stored cipher text. Its data key must not be sent back with the
    /// decrypted content (alibaba/nacos, plugin/encryption).
    /// </summary>
    private static bool IsEncrypted(ConfigKey key) => key.DataId.StartsWith("cipher-", StringComparison.Ordinal);

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
