using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>Lists the listeners of a key, or the keys of a listener's address.</summary>
internal sealed class V1Listeners(ConfigOperations operations, IErrorFormat errors)
{
    public IEnumerable<Route> Routes() =>
    [
        new("GET", V1Configs.Path + "/listener", errors, call => Task.FromResult(OfKey(call))),
        new("GET", "/v1/cs/listener", errors, call => Task.FromResult(OfAddress(call))),
    ];

    private static Answer Write(NacosCall call, IReadOnlyDictionary<string, string> listeners) =>
        V1Answer.Json(call, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("collectStatus"u8, 200);
            json.WriteStartObject("lisentersGroupkeyStatus"u8);
            foreach ((string who, string md5) in listeners) json.WriteString(who, md5);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    private Answer OfKey(NacosCall call)
    {
        string dataId = call.Required("dataId");
        string group = call.Required("group");
        return Write(call, ListenerOperations.OfKey(operations.Store, new ConfigKey(call.Tenant, group, dataId)));
    }

    private Answer OfAddress(NacosCall call) =>
        Write(call, ListenerOperations.OfAddress(operations.Store, call, call.Namespace is { Length: > 0 } ? call.Tenant : null, publicName: ""));
}
