using System.Text.Json;
using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>The console's calls for configurations: details, and removal by IDs.</summary>
internal sealed class V1Details(ConfigOperations operations, IErrorFormat errors)
{
    public IEnumerable<Route> Routes() =>
    [
        new("GET", V1Configs.Path, errors, call => Task.FromResult(Detail(call))) { When = "show=all" },
        new("GET", V1Configs.Path + "/catalog", errors, call => Task.FromResult(Catalogue(call))),
        new("DELETE", V1Configs.Path, errors, RemoveAsync) { When = "delType=ids", Access = Access.Write },
    ];

    private Answer Detail(NacosCall call)
    {
        ConfigKey key = KeyOf(call);
        if (operations.Store.Index.Find(key) is not { } entry) return V1Answer.Json(call, "");

        (byte[] content, string md5) = operations.Read(entry);
        return V1Answer.Json(call, json =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, Ids.Text(entry.Id));
            json.WriteString("dataId"u8, key.DataId);
            json.WriteString("group"u8, key.Group);
            json.WriteString("content"u8, content);
            json.WriteString("md5"u8, md5);
            if (operations.Generation > Generation.One) json.WriteString("encryptedDataKey"u8, entry.Metadata.EncryptedDataKey ?? "");
            json.WriteString("tenant"u8, operations.NameOf(key.Tenant));
            json.WriteString("appName"u8, entry.Metadata.AppName);
            json.WriteString("type"u8, entry.Metadata.Type);
            WriteChange(json, entry);
            json.WriteString("schema"u8, entry.Metadata.Schema);
            json.WriteString("configTags"u8, entry.Metadata.Tags);
            json.WriteEndObject();
        });
    }

    private Answer Catalogue(NacosCall call)
    {
        ConfigEntry? entry = operations.Store.Index.Find(KeyOf(call));
        return V1Answer.Result(call, operations.Generation, 200, null, json =>
        {
            if (entry is null)
            {
                json.WriteNullValue();
                return;
            }

            json.WriteStartObject();
            WriteChange(json, entry);
            json.WriteString("type"u8, entry.Metadata.Type);
            json.WriteString("schema"u8, entry.Metadata.Schema);
            json.WriteString("configTags"u8, entry.Metadata.Tags);
            json.WriteEndObject();
        });
    }

    private static ConfigKey KeyOf(NacosCall call) => ConfigOperations.Key(call.Required("dataId"), call.Required("group"), call.Tenant);

    // The creation time is not stored; the last change takes its place.
    private static void WriteChange(Utf8JsonWriter json, ConfigEntry entry)
    {
        json.WriteNumber("createTime"u8, entry.ModifiedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("modifyTime"u8, entry.ModifiedAt.ToUnixTimeMilliseconds());
        json.WriteString("createUser"u8, entry.ModifiedBy);
        json.WriteString("createIp"u8, entry.ModifiedFrom);
        json.WriteString("desc"u8, entry.Metadata.Description);
        json.WriteString("use"u8, entry.Metadata.Use);
        json.WriteString("effect"u8, entry.Metadata.Effect);
    }

    private async Task<Answer> RemoveAsync(NacosCall call)
    {
        await operations.RemoveAsync(Ids.Parse(call.Required("ids")), call).ConfigureAwait(false);
        return V1Answer.Result(call, operations.Generation, 200, null, json => json.WriteBooleanValue(true));
    }
}
