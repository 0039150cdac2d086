using System.Text.Json;
using Acm.Server.Dialects.Nacos.V1;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V2;

/// <summary>The history calls of the v2 API.</summary>
internal sealed class V2History(ConfigOperations operations, IErrorFormat errors)
{
    private const string Path = "/v2/cs/history";

    private readonly HistoryOperations _history = new(operations);

    public IEnumerable<Route> Routes() =>
    [
        new("GET", Path + "/list", errors, call => Task.FromResult(List(call))),
        new("GET", Path, errors, call => Task.FromResult(One(_history.Find(KeyOf(call), call.RequiredNumber("nid"))))),
        new("GET", Path + "/previous", errors, call => Task.FromResult(One(_history.Previous(KeyOf(call), call.RequiredNumber("id"))))),
        new("GET", Path + "/detail", errors, call => Task.FromResult(Detail(call))),
        new("GET", Path + "/configs", errors, call => Task.FromResult(Configs(call))),
    ];

    private static ConfigKey KeyOf(NacosCall call)
    {
        string dataId = call.Required("dataId");
        return new ConfigKey(call.Tenant, call.Required("group"), dataId);
    }

    private Answer List(NacosCall call)
    {
        ConfigKey key = KeyOf(call);
        Paging paging = Paging.Of(call, 1, 100);
        HistoryPage page = _history.Page(key, paging);
        return Envelope.SuccessInParts(V1History.PageParts(operations, page, paging));
    }

    private Answer One(HistoryItem? item) => Envelope.Success(json =>
    {
        if (item is null) json.WriteNullValue();
        else V1History.Write(json, operations, item, _history.Text(item));
    });

    private Answer Configs(NacosCall call)
    {
        string tenant = call.RequiredTenant();
        NameRules.CheckTenant(tenant);
        return Envelope.SuccessInParts(V1History.ConfigParts(operations, tenant));
    }

    // The contents before and after the change.
    private Answer Detail(NacosCall call)
    {
        ConfigKey key = KeyOf(call);
        HistoryItem? item = _history.Find(key, call.RequiredNumber("nid"));
        return Envelope.Success(json =>
        {
            if (item is null) json.WriteNullValue();
            else WriteDetail(json, item);
        });
    }

    private void WriteDetail(Utf8JsonWriter json, HistoryItem item)
    {
        string text = _history.Text(item);
        bool inserts = item.Operation == Operation.Insert;
        HistoryItem? next = item.Operation == Operation.Update ? _history.After(item) : null;
        string? updated = inserts ? text : next is null ? null : _history.Text(next);
        json.WriteStartObject();
        json.WriteNumber("id"u8, item.Revision);
        json.WriteNumber("lastId"u8, -1);
        json.WriteString("dataId"u8, item.Key.DataId);
        json.WriteString("group"u8, item.Key.Group);
        json.WriteString("tenant"u8, operations.NameOf(item.Key.Tenant));
        json.WriteString("opType"u8, HistoryJson.Letter(item));
        json.WriteString("publishType"u8, item.Gray.Length == 0 ? HistoryJson.FormalType : HistoryJson.GrayType);
        json.WriteString("grayName"u8, item.Gray);
        json.WriteString("appName"u8, item.Metadata.AppName);
        json.WriteString("srcIp"u8, item.From);
        json.WriteString("srcUser"u8, HistoryJson.User(item));
        json.WriteString("originalMd5"u8, inserts ? null : ConfigOperations.Md5(text));
        json.WriteString("originalContent"u8, inserts ? null : text);
        json.WriteString("originalEncryptedDataKey"u8, inserts ? null : item.Metadata.EncryptedDataKey ?? "");
        json.WriteString("originalExtInfo"u8, inserts ? null : HistoryJson.Extra(item));
        json.WriteString("updatedMd5"u8, updated is null ? null : ConfigOperations.Md5(updated));
        json.WriteString("updatedContent"u8, updated);
        json.WriteString("updatedEncryptedDataKey"u8, updated is null ? null : (next ?? item).Metadata.EncryptedDataKey ?? "");
        json.WriteString("updateExtInfo"u8, updated is null ? null : HistoryJson.Extra(next ?? item));
        json.WriteString("createdTime"u8, ErrorPages.Timestamp(HistoryJson.CreatedAt));
        json.WriteString("lastModifiedTime"u8, ErrorPages.Timestamp(item.At));
        json.WriteEndObject();
    }
}
