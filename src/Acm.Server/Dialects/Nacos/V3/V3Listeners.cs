using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Lists the listeners of a configuration, or the configurations of a listener's address, with the MD5 of the client's value.</summary>
internal sealed class V3Listeners(ConfigOperations operations, V3ErrorFormat errors)
{
    public IEnumerable<Route> Routes() =>
    [
        new("GET", V3Configs.Path + "/listener", errors, call => Task.FromResult(OfConfig(call))),
        new("GET", "/v3/admin/cs/listener", errors, call => Task.FromResult(OfAddress(call))),
    ];

    private Answer OfConfig(NacosCall call) => Write("config", ListenerOperations.OfKey(operations.Store, V3Call.Key(call)));

    private Answer OfAddress(NacosCall call)
    {
        call.Required("ip");
        if (call["all"] == "true") return Write("ip", ListenerOperations.OfAddress(operations.Store, call, tenant: null, operations.PublicName));

        // Without "all", Nacos 3.0.3 returns only the given namespace, and nothing for the public one.
        return Write("ip", call.Tenant.Length == 0 ? new Dictionary<string, string>() : ListenerOperations.OfAddress(operations.Store, call, call.Tenant, operations.PublicName));
    }

    private static Answer Write(string kind, IReadOnlyDictionary<string, string> listeners) => Envelope.Success(json =>
    {
        json.WriteStartObject();
        json.WriteString("queryType"u8, kind);
        json.WriteStartObject("listenersStatus"u8);
        foreach ((string name, string md5) in listeners) json.WriteString(name, md5);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
