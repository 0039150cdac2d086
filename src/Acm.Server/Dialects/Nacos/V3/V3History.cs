using System.Text.Json;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>The history calls of the v3 admin API.</summary>
internal sealed class V3History(ConfigOperations operations, V3ErrorFormat errors)
{
    private const string Path = "/v3/admin/cs/history";

    private readonly HistoryOperations _history = new(operations);

    public IEnumerable<Route> Routes() =>
    [
        new("GET", Path + "/list", errors, call => Task.FromResult(List(call))),
        new("GET", Path, errors, call => Task.FromResult(One(call, "nid", _history.Find))),
        new("GET", Path + "/previous", errors, call => Task.FromResult(One(call, "id", _history.Previous))),
        new("GET", Path + "/configs", errors, call => Task.FromResult(Configs(call))) { Filter = NameFilter.None },
    ];

    private Answer List(NacosCall call)
    {
        ConfigKey key = V3Call.Key(call);
        Paging paging = V3Call.Page(call);
        HistoryPage page = _history.Page(key, paging);
        return Envelope.SuccessInParts(PageJson.Parts(page.TotalCount, paging, page.Items, (json, item) => Write(json, item, content: null)));
    }

    private Answer One(NacosCall call, string parameter, Func<ConfigKey, long, HistoryItem?> find)
    {
        ConfigKey key = V3Call.Key(call);
        HistoryItem item = find(key, call.RequiredNumber(parameter)) ?? throw FaultException.BadValue("Source must not be null");
        return Envelope.Success(json => Write(json, item, _history.Text(item)));
    }

    private Answer Configs(NacosCall call)
    {
        string tenant = call.RequiredTenant();
        NameRules.CheckTenant(tenant);
        SearchPage all = operations.Store.Search(new ConfigQuery { Tenant = TextMatch.Equal(tenant) });
        return Envelope.SuccessInParts(PageJson.Array(all.Items, WriteConfig));
    }

    private void WriteConfig(Utf8JsonWriter json, KeySlot slot)
    {
        if (slot.Current is not { } entry) return;

        json.WriteStartObject();
        json.WriteString("id"u8, "0");
        json.WriteString("namespaceId"u8, operations.NameOf(slot.Key.Tenant));
        json.WriteString("groupName"u8, slot.Key.Group);
        json.WriteString("dataId"u8, slot.Key.DataId);
        json.WriteNull("md5"u8);
        json.WriteString("type"u8, entry.Metadata.Type);
        json.WriteString("appName"u8, entry.Metadata.AppName);
        json.WriteNumber("createTime"u8, 0);
        json.WriteNumber("modifyTime"u8, entry.ModifiedAt.ToUnixTimeMilliseconds());
        json.WriteEndObject();
    }

    private void Write(Utf8JsonWriter json, HistoryItem item, string? content)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Ids.Text(item.Revision));
        json.WriteString("namespaceId"u8, operations.NameOf(item.Key.Tenant));
        json.WriteString("groupName"u8, item.Key.Group);
        json.WriteString("dataId"u8, item.Key.DataId);
        json.WriteString("md5"u8, content is null ? null : ConfigOperations.Md5(content));
        json.WriteNull("type"u8);
        json.WriteString("appName"u8, item.Metadata.AppName);
        json.WriteNumber("createTime"u8, HistoryJson.CreatedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("modifyTime"u8, item.At.ToUnixTimeMilliseconds());
        json.WriteString("srcIp"u8, item.From);
        json.WriteString("srcUser"u8, item.By);
        json.WriteString("opType"u8, HistoryJson.Operation(item));
        json.WriteString("publishType"u8, item.Gray.Length == 0 ? HistoryJson.FormalType : HistoryJson.GrayType);
        if (content is not null)
        {
            json.WriteString("content"u8, content);
            json.WriteString("encryptedDataKey"u8, item.Metadata.EncryptedDataKey ?? "");
            json.WriteString("grayName"u8, item.Gray);
            json.WriteString("extInfo"u8, HistoryJson.Extra(item));
        }

        json.WriteEndObject();
    }
}
