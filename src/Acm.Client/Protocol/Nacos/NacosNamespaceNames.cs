using System.Text.Json;
using Acm.Client.Calls;
using Acm.Client.Http;
using Acm.Client.Text;

namespace Acm.Client.Protocol.Nacos;

/// <summary>Reads the names of namespaces. Before 3.0 every user may read them, since then only administrators.</summary>
internal static class NacosNamespaceNames
{
    /// <exception cref="AcmException"><see cref="AcmErrorKind.AccessDenied"/> or <see cref="AcmErrorKind.CapabilityMissing"/>: the user, or a gateway, cannot read them.</exception>
    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(NacosLink link, NacosServer server, CancellationToken cancellationToken)
    {
        WireResponse response = await link.SendOnceAsync(Request(server), cancellationToken).ConfigureAwait(false);
        var answer = NacosAnswer.Of(response);
        if (response.Status != 200 || answer.Data is not { ValueKind: JsonValueKind.Array } list) throw NacosErrors.For(response, "", "Listing the namespaces", key: null);

        return [.. list.EnumerateArray().Select(item => new KeyValuePair<string, string>(
            JsonText.Text(item, "namespaceShowName") ?? "",
            NamespaceName.Normalize(JsonText.Text(item, "namespace") ?? throw NacosErrors.Garbled(response, "a namespace has no ID"))))];
    }

    private static WireRequest Request(NacosServer server) => new()
    {
        Kind = CallKind.List,
        Method = HttpMethod.Get,
        PathAndQuery = server.HasV3 ? "/nacos/v3/admin/core/namespace/list" : "/nacos/v1/console/namespaces",
        Subject = "the namespaces",
    };
}
