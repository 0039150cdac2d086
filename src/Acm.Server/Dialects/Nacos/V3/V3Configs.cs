using System.Text.Json;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>The configuration calls of the v3 admin API: get, publish, remove one or many, change the metadata.</summary>
internal sealed class V3Configs(ConfigOperations operations, V3ErrorFormat errors)
{
    public const string Path = "/v3/admin/cs/config";

    public IEnumerable<Route> Routes() =>
    [
        new("GET", Path, errors, call => Task.FromResult(Detail(call))),
        new("POST", Path, errors, PublishAsync) { Access = Access.Write },
        new("DELETE", Path, errors, RemoveAsync) { Access = Access.Write },
        new("DELETE", Path + "/batch", errors, RemoveManyAsync) { Access = Access.Write, Filter = NameFilter.None },
        // From Nacos 3.1.1 on.
        .. operations.Generation < Generation.ThreeTwo ? Array.Empty<Route>() : [new("PUT", Path + "/metadata", errors, UpdateMetadataAsync) { Access = Access.Write }],
    ];

    private static FaultException NotFound() => new(Fault.NotFound, "Config not exist, please publish Config first.");

    /// <summary>Writes the members that lists and details share.</summary>
    public void WriteItem(Utf8JsonWriter json, KeySlot slot, ConfigEntry entry, bool showsMd5, bool showsType, bool showsTimes)
    {
        json.WriteString("id"u8, Ids.Text(entry.Id));
        json.WriteString("namespaceId"u8, operations.NameOf(slot.Key.Tenant));
        json.WriteString("groupName"u8, slot.Key.Group);
        json.WriteString("dataId"u8, slot.Key.DataId);
        json.WriteString("md5"u8, showsMd5 ? operations.Md5(entry) : null);
        json.WriteString("type"u8, showsType ? entry.Metadata.Type : null);
        json.WriteString("appName"u8, entry.Metadata.AppName);
        long time = entry.ModifiedAt.ToUnixTimeMilliseconds();

        // The creation time is not stored; the last change takes its place. Lists have no times.
        json.WriteNumber("createTime"u8, showsTimes && entry.Rule is null ? time : 0);
        json.WriteNumber("modifyTime"u8, showsTimes ? time : 0);
    }

    /// <summary>Writes the details of a configuration.</summary>
    public void WriteDetail(Utf8JsonWriter json, KeySlot slot, ConfigEntry entry)
    {
        bool isFormal = entry.Rule is null;
        WriteItem(json, slot, entry, showsMd5: true, showsType: isFormal, showsTimes: true);
        json.WriteString("content"u8, operations.Read(entry).Content);
        json.WriteString("desc"u8, isFormal ? entry.Metadata.Description : null);
        json.WriteString("encryptedDataKey"u8, isFormal ? entry.Metadata.EncryptedDataKey ?? "" : null);
        json.WriteString("createUser"u8, entry.ModifiedBy);
        json.WriteString("createIp"u8, isFormal ? entry.ModifiedFrom : null);
        json.WriteString("configTags"u8, isFormal ? entry.Metadata.Tags : null);
    }

    private Answer Detail(NacosCall call)
    {
        KeySlot? slot = operations.Store.Index.FindSlot(V3Call.Key(call));
        if (slot?.Current is not { } entry) throw NotFound();
        if (!V3ErrorFormat.TakesJson(call)) return new Answer { Status = 406, ContentType = "" };

        return Envelope.Success(json =>
        {
            json.WriteStartObject();
            WriteDetail(json, slot, entry);
            json.WriteEndObject();
        });
    }

    private async Task<Answer> PublishAsync(NacosCall call)
    {
        string group = call.NotBlank("groupName");
        PublishRequest request = PublishRequest.Of(call, call.NotBlank("dataId"), group, call.NotBlank("content")) with
        {
            User = string.IsNullOrEmpty(call["srcUser"]) ? call.User : call["srcUser"],
            ConfigTags = call["configTags"],
        };
        await operations.PublishAsync(request, call.ClientGone).ConfigureAwait(false);
        return Envelope.True;
    }

    private async Task<Answer> RemoveAsync(NacosCall call)
    {
        ConfigKey key = V3Call.Key(call);
        await operations.RemoveTaggedAsync(key, call).ConfigureAwait(false);
        return Envelope.True;
    }

    private async Task<Answer> RemoveManyAsync(NacosCall call)
    {
        await operations.RemoveAsync(Ids.Parse(call.Required("ids")), call).ConfigureAwait(false);
        return Envelope.True;
    }

    private async Task<Answer> UpdateMetadataAsync(NacosCall call)
    {
        bool isThere = await operations.UpdateMetadataAsync(V3Call.Key(call), call["desc"], call["configTags"], call).ConfigureAwait(false);
        return isThere ? Envelope.True : throw NotFound();
    }
}
