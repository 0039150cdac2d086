using System.Text.Json;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos.Push;

/// <summary>The bodies of the messages over gRPC.</summary>
internal static class NacosPushBody
{
    private const int Success = 200;

    /// <summary>Of a request that says nothing.</summary>
    public static readonly byte[] Empty = "{}"u8.ToArray();

    /// <summary>Says who listens. That there is a table of abilities asks for an acknowledgement.</summary>
    public static byte[] SetUp(string @namespace, string appName) => Write(json =>
    {
        json.WriteString("clientVersion"u8, "Acm-Client:v1.0"u8);
        json.WriteString("tenant"u8, @namespace);
        json.WriteStartObject("labels"u8);
        json.WriteString("source"u8, "sdk"u8);
        json.WriteString("module"u8, "config"u8);
        json.WriteString("AppName"u8, appName);
        json.WriteString("taskId"u8, "0"u8);
        json.WriteEndObject();
        json.WriteStartObject("abilityTable"u8);
        json.WriteEndObject();
    });

    public static byte[] Acknowledgement(string requestId) => Write(json =>
    {
        json.WriteNumber("resultCode"u8, Success);
        json.WriteNumber("errorCode"u8, 0);
        json.WriteString("requestId"u8, requestId);
        json.WriteBoolean("success"u8, true);

        // What a server that asks for figures expects; the others pass it over.
        json.WriteStartObject("metrics"u8);
        json.WriteEndObject();
    });

    public static byte[] Listen(string @namespace, IReadOnlyList<KeyValuePair<ConfigKey, string?>> known, bool listens) => Write(json =>
    {
        json.WriteBoolean("listen"u8, listens);
        json.WriteString("module"u8, "config"u8);
        json.WriteStartArray("configListenContexts"u8);
        foreach (KeyValuePair<ConfigKey, string?> pair in known)
        {
            json.WriteStartObject();
            json.WriteString("group"u8, pair.Key.Group);
            json.WriteString("md5"u8, pair.Value ?? "");
            json.WriteString("dataId"u8, pair.Key.DataId);
            json.WriteString("tenant"u8, @namespace);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <param name="namespace">Where.</param>
    /// <param name="request">What to store. What its metadata does not name is reset.</param>
    /// <param name="casMd5">The MD5 that the server is to find stored; null for no condition.</param>
    public static byte[] Publish(string @namespace, PublishRequest request, string? casMd5) => Write(json =>
    {
        (ConfigKey key, byte[] content, ConfigMetadata metadata, _) = request;
        WriteKey(json, @namespace, key);
        json.WriteString("content"u8, content);
        if (casMd5 is not null) json.WriteString("casMd5"u8, casMd5);
        json.WriteStartObject("additionMap"u8);
        Add("type", metadata.Type);
        Add("appName", metadata.AppName);
        Add("config_tags", metadata.Tags);
        Add("encryptedDataKey", metadata.EncryptedDataKey);

        // An empty one would be stored as empty text.
        Add("desc", OrAbsent(metadata.Description));
        Add("use", OrAbsent(metadata.Use));
        Add("effect", OrAbsent(metadata.Rest));
        Add("schema", OrAbsent(metadata.Schema));
        json.WriteEndObject();

        void Add(string name, string? value)
        {
            if (value is not null) json.WriteString(name, value);
        }
    });

    /// <summary>Asks to be told of names: of those that are there, and of each that comes or goes. The public namespace has to be named in a pattern.</summary>
    public static byte[] WatchNames(string @namespace, ConfigKey pattern) => Write(json =>
    {
        json.WriteString("module"u8, "config"u8);
        json.WriteString("groupKeyPattern"u8, $"{(@namespace.Length == 0 ? "public" : @namespace)}>>{pattern.Group}>>{pattern.DataId}");
        json.WriteString("watchType"u8, "WATCH"u8);
        json.WriteBoolean("initializing"u8, true);
        json.WriteStartArray("receivedGroupKeys"u8);
        json.WriteEndArray();
    });

    /// <summary>The keys that a message says exist. Those that it says were removed are passed over, and what is of another namespace.</summary>
    public static IReadOnlyList<ConfigKey> ReadNames(JsonElement message, string @namespace)
    {
        if (!JsonText.TryGet(message, "contexts", out JsonElement list) || list.ValueKind != JsonValueKind.Array) return [.. OfOne(message, "changeType")];
        return [.. list.EnumerateArray().SelectMany(item => OfOne(item, "changedType"))];

        IEnumerable<ConfigKey> OfOne(JsonElement item, string change)
        {
            if (JsonText.Text(item, change) is null or "DELETE_CONFIG" || JsonText.Text(item, "groupKey")?.Split('+') is not [{ } dataId, { } group, { } tenant]) yield break;
            if (NamespaceName.Normalize(Unescape(tenant)) == @namespace) yield return new ConfigKey(Unescape(dataId), Unescape(group));
        }

        static string Unescape(string name) => name.Replace("%2B", "+", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
    }

    public static byte[] Remove(string @namespace, ConfigKey key) => Write(json => WriteKey(json, @namespace, key));

    /// <summary>The keys that a batch listen names as changed. What is of another namespace is passed over.</summary>
    public static IReadOnlyList<ConfigKey> ReadChanged(JsonElement answer, string @namespace) =>
        JsonText.TryGet(answer, "changedConfigs", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(item => ReadKey(item, @namespace)).OfType<ConfigKey>()]
            : [];

    /// <summary>The key that a message names; null where it names none, or one of another namespace.</summary>
    public static ConfigKey? ReadKey(JsonElement item, string @namespace)
    {
        string? dataId = JsonText.Text(item, "dataId");
        string? group = JsonText.Text(item, "group");
        return dataId is null || group is null || NamespaceName.Normalize(JsonText.Text(item, "tenant")) != @namespace ? null : new ConfigKey(dataId, group);
    }

    /// <summary>The error code of an answer; 0 for a success. A failure may have the code 0, which then is -1.</summary>
    public static long ErrorCode(JsonElement answer)
    {
        if (Number(answer, "resultCode") is null or Success) return 0;
        return Number(answer, "errorCode") is { } code and not 0 ? code : -1;
    }

    private static long? Number(JsonElement answer, string name) =>
        JsonText.TryGet(answer, name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number : null;

    private static string? OrAbsent(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static void WriteKey(Utf8JsonWriter json, string @namespace, ConfigKey key)
    {
        json.WriteString("module"u8, "config"u8);
        json.WriteString("dataId"u8, key.DataId);
        json.WriteString("group"u8, key.Group);
        json.WriteString("tenant"u8, @namespace);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }
}
