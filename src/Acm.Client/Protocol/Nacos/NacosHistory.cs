using System.Globalization;
using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>
/// Reads the history of a configuration. No version reliably checks which configuration an ID belongs to: 1.4 answers for other namespaces, 2.5 with a malformed status line. So
/// each row is compared with the request (tests/Conformance/Recordings: v1.history, v3admin.history).
/// </summary>
internal static class NacosHistory
{
    private const string V1 = "/nacos/v1/cs/history";
    private const string V3 = "/nacos/v3/admin/cs/history";

    public static async Task<HistoryPage> PageAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, int pageNumber, int pageSize, CancellationToken cancellationToken)
    {
        WireResponse response = await link.SendAsync(PageRequest(server, @namespace, key, pageNumber, pageSize), cancellationToken).ConfigureAwait(false);
        JsonElement page = NacosList.Page(response, server, @namespace, pageNumber, "Reading the history of", key);
        JsonText.TryGet(page, "pageItems", out JsonElement list);
        return new HistoryPage([.. list.EnumerateArray().Select(item => Row(response, server, @namespace, key, item))], (int)(NacosAnswer.Number(page, "pagesAvailable") ?? 0))
        {
            Retention = server.RetentionDays > 0 ? TimeSpan.FromDays(server.RetentionDays) : null,
        };
    }

    /// <summary>Reads the value in a row; null if the server does not have the row, or no longer its content.</summary>
    public static async Task<ServerValue?> ValueAsync(NacosLink link, NacosServer server, string @namespace, ConfigKey key, long id, CancellationToken cancellationToken)
    {
        WireResponse response = await SendAsync(link, server, ItemRequest(server, @namespace, key, id), key, id, cancellationToken).ConfigureAwait(false);
        var answer = NacosAnswer.Of(response);
        if (IsUnknown(response, answer, server)) return null;
        if (response.Status == 403 && Says(answer, "Please check dataId")) throw Foreign(response, key, id);

        JsonElement? found = server.HasV3 ? answer.Code == 0 ? answer.Data : null : answer.Root;
        if (response.Status != 200 || found is not { ValueKind: JsonValueKind.Object } item) throw NacosErrors.For(response, @namespace, "Reading the history of", key);
        if (!IsOf(server, @namespace, key, item) || NacosAnswer.Number(item, "id") != id) throw Foreign(response, key, id);

        // Servers do not store blank content, so it was removed from the history.
        return JsonText.Text(item, "content") is { Length: > 0 } ? NacosRead.Value(response, key, item, Metadata(item), "modifyTime") : null;
    }

    private static bool IsUnknown(WireResponse response, NacosAnswer answer, NacosServer server) => server.HasV3
        ? (response.Status == 400 && Says(answer, "Source must not be null")) || answer is { Code: 0, Data: null }
        : response.Status == 200 && response.Body.Length == 0;

    /// <summary>Sends a request. For a change of another configuration, 2.5 answers with the invalid status line <c>HTTP/1.1 0</c>.</summary>
    private static async Task<WireResponse> SendAsync(NacosLink link, NacosServer server, WireRequest request, ConfigKey key, long id, CancellationToken cancellationToken)
    {
        try
        {
            return await link.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmException e) when (e.Kind == AcmErrorKind.InvalidResponse && server.Generation == NacosGeneration.Two)
        {
            throw new AcmException(AcmErrorKind.InvalidResponse, $"Reading version {Number(id)} of '{key}' failed: {e.Message} Nacos {server.Version} answers like this if the version belongs to another configuration.", e) { Key = key, IsFinal = true };
        }
    }

    private static HistoryRow Row(WireResponse response, NacosServer server, string @namespace, ConfigKey key, JsonElement item)
    {
        long id = NacosAnswer.Number(item, "id") ?? throw NacosErrors.Garbled(response, "a change of the history has no id", key);
        if (!IsOf(server, @namespace, key, item)) throw Foreign(response, key, id);

        return new HistoryRow(
            id,
            Time(server, item) ?? throw NacosErrors.Garbled(response, $"change {Number(id)} of the history has no time", key),
            Kind(item) ?? throw NacosErrors.Garbled(response, $"change {Number(id)} of the history is of an unknown kind", key),
            JsonText.Text(item, "srcUser") ?? "",
            JsonText.Text(item, "srcIp") ?? "",
            GrayName(item));
    }

    // The list of Nacos 3.0 has the publish type without the name of the gray version (recording v3admin.history of 3.0.3).
    private static string? GrayName(JsonElement item) =>
        JsonText.Text(item, "publishType")?.Trim() != "gray" ? null : JsonText.Text(item, "grayName") is { Length: > 0 } name ? name : "gray";

    private static bool IsOf(NacosServer server, string @namespace, ConfigKey key, JsonElement item) =>
        JsonText.Text(item, "dataId") == key.DataId
        && JsonText.Text(item, server.HasV3 ? "groupName" : "group") == key.Group
        && NamespaceName.Normalize(JsonText.Text(item, server.HasV3 ? "namespaceId" : "tenant")) == @namespace;

    /// <summary>Reads the operation; its database column pads it to ten characters.</summary>
    private static RevisionKind? Kind(JsonElement item) => JsonText.Text(item, "opType")?.Trim() switch
    {
        "I" => RevisionKind.Added,
        "U" => RevisionKind.Changed,
        "D" => RevisionKind.Removed,
        _ => null,
    };

    private static DateTimeOffset? Time(NacosServer server, JsonElement item)
    {
        string name = server.HasV3 ? "modifyTime" : "lastModifiedTime";
        if (NacosAnswer.Number(item, name) is { } milliseconds) return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return DateTimeOffset.TryParse(JsonText.Text(item, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
    }

    /// <summary>Reads the metadata. Since 2.5, properties without a column are in the extended information, and a missing one was not set; in older versions they are unknown.</summary>
    private static ConfigMetadata Metadata(JsonElement item)
    {
        var metadata = new ConfigMetadata { AppName = JsonText.Text(item, "appName") };
        if (Extra(item) is not { } extra) return metadata;

        return metadata with
        {
            Type = JsonText.Text(extra, "type") is { Length: > 0 } type ? type : null,
            Tags = JsonText.Text(extra, "config_tags") ?? "",
            Description = JsonText.Text(extra, "c_desc") ?? "",
            Use = JsonText.Text(extra, "c_use") ?? "",
            Rest = JsonText.Text(extra, "effect") ?? "",
            Schema = JsonText.Text(extra, "c_schema") ?? "",
        };
    }

    private static JsonElement? Extra(JsonElement item)
    {
        if (JsonText.Text(item, "extInfo") is not { Length: > 0 } text) return null;

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            // Truncated by its column; the content is usable without it.
            return null;
        }
    }

    private static bool Says(NacosAnswer answer, string words) => answer.Text.IndexOf(words, StringComparison.Ordinal) >= 0;

    private static AcmException Foreign(WireResponse response, ConfigKey key, long id) =>
        new(AcmErrorKind.ConfigNotFound, $"On {response.Server}, change {Number(id)} belongs to a configuration other than '{key}'.") { Key = key, Advice = "List the history of the configuration for its versions.", IsFinal = true };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static WireRequest PageRequest(NacosServer server, string @namespace, ConfigKey key, int pageNumber, int pageSize)
    {
        FormEncoder query = NacosRequests.Names(server, @namespace, key)
            .Add("pageNo", pageNumber.ToString(CultureInfo.InvariantCulture))
            .Add("pageSize", pageSize.ToString(CultureInfo.InvariantCulture));
        return NacosRequests.Request(CallKind.List, HttpMethod.Get, server.HasV3 ? $"{V3}/list?{query}" : $"{V1}?{query.Add("search", "accurate")}", @namespace, key);
    }

    private static WireRequest ItemRequest(NacosServer server, string @namespace, ConfigKey key, long id) => NacosRequests.Request(
        CallKind.Get,
        HttpMethod.Get,
        $"{(server.HasV3 ? V3 : V1)}?{NacosRequests.Names(server, @namespace, key).Add("nid", id.ToString(CultureInfo.InvariantCulture))}",
        @namespace,
        key);
}
