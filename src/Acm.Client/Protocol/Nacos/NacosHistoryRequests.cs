using System.Globalization;
using Acm.Client.Calls;
using Acm.Client.Http;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Creates history requests.</summary>
internal static class NacosHistoryRequests
{
    private const string V1 = "/nacos/v1/cs/history";
    private const string V3 = "/nacos/v3/admin/cs/history";

    public static WireRequest Page(NacosServer server, string @namespace, ConfigKey key, int pageNumber, int pageSize)
    {
        FormEncoder query = NacosRequests.Names(server, @namespace, key)
            .Add("pageNo", pageNumber.ToString(CultureInfo.InvariantCulture))
            .Add("pageSize", pageSize.ToString(CultureInfo.InvariantCulture));
        return NacosRequests.Request(CallKind.List, HttpMethod.Get, server.HasV3 ? $"{V3}/list?{query}" : $"{V1}?{query.Add("search", "accurate")}", @namespace, key);
    }

    public static WireRequest Item(NacosServer server, string @namespace, ConfigKey key, long id) => NacosRequests.Request(
        CallKind.Get,
        HttpMethod.Get,
        $"{(server.HasV3 ? V3 : V1)}?{NacosRequests.Names(server, @namespace, key).Add("nid", id.ToString(CultureInfo.InvariantCulture))}",
        @namespace,
        key);
}
