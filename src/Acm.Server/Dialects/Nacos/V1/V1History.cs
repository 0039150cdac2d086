using System.Text.Json;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>The history calls of the v1 API.</summary>
internal sealed class V1History(ConfigOperations operations, IErrorFormat errors)
{
    private const string Path = "/v1/cs/history";

    private readonly HistoryOperations _history = new(operations);

    public IEnumerable<Route> Routes()
    {
        yield return new Route("GET", Path, errors, call => Task.FromResult(List(call))) { When = "search=accurate" };
        yield return new Route("GET", Path, errors, call => Task.FromResult(Item(call)));
        yield return new Route("GET", Path + "/previous", errors, call => Task.FromResult(Previous(call)));
        if (operations.Generation > Generation.One) yield return new Route("GET", Path + "/configs", errors, call => Task.FromResult(Configs(call)));
    }

    /// <summary>Writes a change with the member names of v1 and v2.</summary>
    public static void Write(Utf8JsonWriter json, ConfigOperations operations, HistoryItem item, string? content)
    {
        bool first = operations.Generation == Generation.One;
        json.WriteStartObject();
        json.WriteString("id"u8, Ids.Text(item.Revision));
        json.WriteNumber("lastId"u8, -1);
        json.WriteString("dataId"u8, item.Key.DataId);
        json.WriteString("group"u8, item.Key.Group);
        json.WriteString("tenant"u8, operations.NameOf(item.Key.Tenant));
        json.WriteString("appName"u8, item.Metadata.AppName);
        json.WriteString("md5"u8, content is null ? null : ConfigOperations.Md5(content));
        json.WriteString("content"u8, content);
        json.WriteString("srcIp"u8, item.From);
        json.WriteString("srcUser"u8, HistoryJson.User(item));
        json.WriteString("opType"u8, HistoryJson.Operation(item));
        if (!first)
        {
            json.WriteString("publishType"u8, item.Gray.Length == 0 ? HistoryJson.FormalType : HistoryJson.GrayType);
            json.WriteString("grayName"u8, item.Gray);
            json.WriteString("extInfo"u8, HistoryJson.Extra(item));
        }

        json.WriteString("createdTime"u8, ErrorPages.Timestamp(HistoryJson.CreatedAt));
        json.WriteString("lastModifiedTime"u8, ErrorPages.Timestamp(item.At));
        if (!first) json.WriteString("encryptedDataKey"u8, content is null ? null : item.Metadata.EncryptedDataKey ?? "");
        json.WriteEndObject();
    }

    /// <summary>Returns the parts of a page with the member names of v1 and v2.</summary>
    public static IEnumerable<Action<Utf8JsonWriter>> PageParts(ConfigOperations operations, HistoryPage page, Paging paging) =>
        PageJson.Parts(page.TotalCount, paging, page.Items, (json, item) => Write(json, operations, item, content: null));

    /// <summary>Returns the parts of the list of a namespace's configurations.</summary>
    public static IEnumerable<Action<Utf8JsonWriter>> ConfigParts(ConfigOperations operations, string tenant) =>
        PageJson.Array(operations.Store.Search(new ConfigQuery { Tenant = TextMatch.Equal(tenant) }).Items, (json, slot) => WriteConfig(json, operations, slot));

    private static void WriteConfig(Utf8JsonWriter json, ConfigOperations operations, KeySlot slot)
    {
        if (slot.Current is not { } entry) return;

        json.WriteStartObject();
        json.WriteString("id"u8, "0");
        json.WriteString("dataId"u8, slot.Key.DataId);
        json.WriteString("group"u8, slot.Key.Group);
        json.WriteNull("content"u8);
        json.WriteNull("md5"u8);
        json.WriteNull("encryptedDataKey"u8);
        json.WriteString("tenant"u8, operations.NameOf(slot.Key.Tenant));
        json.WriteString("appName"u8, entry.Metadata.AppName);
        json.WriteString("type"u8, entry.Metadata.Type);
        json.WriteNumber("lastModified"u8, entry.ModifiedAt.ToUnixTimeMilliseconds());
        json.WriteEndObject();
    }

    private Answer List(NacosCall call)
    {
        string dataId = call.Required("dataId");
        string group = call.Required("group");
        Paging paging = Paging.Of(call, 1, 100);
        HistoryPage page = _history.Page(new ConfigKey(call.Tenant, group, dataId), paging);
        return NacosJson.Streamed(ErrorPages.DefaultType(call), PageParts(operations, page, paging));
    }

    private Answer Item(NacosCall call) => One(call, _history.Find(KeyOf(call), call.RequiredNumber("nid")));

    private Answer Previous(NacosCall call) => One(call, _history.Previous(KeyOf(call), call.RequiredNumber("id")));

    private Answer One(NacosCall call, HistoryItem? item) =>
        item is null ? V1Answer.Json(call, "") : V1Answer.Json(call, json => Write(json, operations, item, _history.Text(item)));

    private Answer Configs(NacosCall call) => NacosJson.Streamed(ErrorPages.DefaultType(call), ConfigParts(operations, call.RequiredTenant()));

    private static ConfigKey KeyOf(NacosCall call) => new(call.Tenant, call.Required("group"), call.Required("dataId"));
}
