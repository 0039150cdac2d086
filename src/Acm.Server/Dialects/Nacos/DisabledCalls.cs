using System.Text;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>Answers v1 and v2 calls that Nacos 3 disables by default with status 410 and the replacement.</summary>
internal static class DisabledCalls
{
    // Each line is a call and its replacement; without one, the message names only the setting. Methods and braces are those of Nacos 3.0.3, even where they look wrong.
    private const string Console = """
        GET /v1/cs/configs?show=all > GET $/v3/console/cs/config
        GET /v1/cs/configs?search=accurate > GET $/v3/console/cs/config/list
        GET /v1/cs/configs?search=blur > GET $/v3/console/cs/config/list
        GET /v1/cs/configs?beta=true > GET $/v3/console/cs/config/beta
        DELETE /v1/cs/configs?beta=true > DELETE $/v3/console/cs/config/beta
        DELETE /v1/cs/configs?delType=ids > GET $/v3/console/cs/config/batchDelete
        GET /v1/cs/configs?export=true > GET $/v3/console/cs/config/export
        GET /v1/cs/configs?exportV2=true > GET $/v3/console/cs/config/export2
        POST /v1/cs/configs?import=true > GET $/v3/console/cs/config/import
        POST /v1/cs/configs?clone=true > GET $/v3/console/cs/config/clone
        GET /v1/cs/configs/listener > GET $/v3/console/cs/config/listener
        GET /v1/cs/listener > GET $/v3/console/cs/config/listener/ip
        GET /v1/cs/history?search=accurate > GET $/v3/console/cs/history/list
        GET /v1/cs/history > GET $/v3/console/cs/history
        GET /v1/cs/history/previous > GET $/v3/console/cs/history/previous
        GET /v1/cs/history/configs > GET $/v3/console/cs/history/configs
        GET /v1/console/namespaces > GET $/v3/console/core/namespace/list
        GET /v1/console/namespaces?show=all > GET $/v3/console/core/namespace
        GET /v1/console/namespaces?checkNamespaceIdExist=true > GET $/v3/console/core/namespace/exist
        POST /v1/console/namespaces > POST $/v3/console/core/namespace
        PUT /v1/console/namespaces > PUT $/v3/console/core/namespace
        DELETE /v1/console/namespaces > DELETE $/v3/console/core/namespace
        GET /v1/console/server/state > GET $/v3/console/server/state
        GET /v1/console/server/announcement > GET $/v3/console/server/announcement
        GET /v1/console/server/guide > GET $/v3/console/server/guide
        GET /v1/console/health/liveness > GET $/v3/console/health/liveness
        GET /v1/console/health/readiness > GET $/v3/console/health/readiness
        GET /v1/core/cluster/nodes > GET $/v3/admin/core/cluster/node/list
        POST /v1/auth/users > POST $/v3/auth/user
        POST /v1/auth/users/admin > POST $/v3/auth/user/admin
        GET /v2/cs/config/searchDetail > GET $/v3/console/cs/config/searchDetail
        GET /v2/console/namespace/list > GET $/v3/console/core/namespace/list
        GET /v2/console/namespace > GET $/v3/console/core/namespace
        POST /v2/console/namespace > POST $/v3/console/core/namespace
        PUT /v2/console/namespace > PUT $/v3/console/core/namespace
        DELETE /v2/console/namespace > DELETE $/v3/console/core/namespace
        GET /v2/console/health/liveness > GET $/v3/console/health/liveness
        GET /v2/console/health/readiness > GET $/v3/console/health/readiness
        """;

    private const string Admin = """
        GET /v1/cs/configs/catalog > GET $/v3/admin/cs/config
        GET /v1/cs/capacity > GET /v3/admin/cs/capacity
        POST /v1/cs/capacity > POST /v3/admin/cs/capacity
        GET /v1/cs/metrics/cluster > GET /v3/admin/cs/metrics/cluster
        GET /v1/cs/ops/derby > GET /v3/admin/cs/ops/derby
        POST /v1/cs/ops/localCache > POST /v3/admin/cs/ops/localCache
        GET /v1/cs/health
        GET /v1/core/cluster/self > GET /v3/admin/core/cluster/node/self
        GET /v1/core/cluster/health > GET /v3/admin/core/cluster/node/self/health
        GET /v1/core/cluster/simple/nodes
        GET /v1/core/ops/idInfo > GET /v3/admin/core/ops/ids
        GET /v2/cs/config > GET $/v3/admin/cs/config
        POST /v2/cs/config > POST $/v3/admin/cs/config
        DELETE /v2/cs/config > DELETE $/v3/admin/cs/config
        GET /v2/cs/history/list > GET $/v3/admin/cs/history/list
        GET /v2/cs/history > GET $/v3/admin/cs/history
        GET /v2/cs/history/previous > GET $/v3/admin/cs/history/previous
        GET /v2/cs/history/configs > GET $/v3/admin/cs/history/configs
        GET /v2/core/cluster/node/list > GET /v3/admin/core/cluster/node/list
        GET /v2/core/cluster/node/self > GET /v3/admin/core/cluster/node/self
        GET /v2/core/cluster/node/self/health > GET /v3/admin/core/cluster/node/self/health
        GET /v2/core/loader/current > GET /v3/admin/core/loader/current
        GET /v2/core/loader/cluster > GET /v3/admin/core/loader/cluster
        GET /v2/core/ops/ids > GET /v3/admin/core/ops/ids
        """;

    public static IEnumerable<Route> Routes() => [.. Routes(Console, "console"), .. Routes(Admin, "admin")];

    private static IEnumerable<Route> Routes(string table, string kind)
    {
        foreach (string line in table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] sides = line.Split(" > ");
            string[] call = sides[0].Split(' ');
            string[] pathAndCondition = call[1].Split('?');
            string message = Message(sides.Length > 1 ? sides[1] : null, kind);
            yield return new Route(call[0], pathAndCondition[0], DisabledErrorFormat.Instance, request => Task.FromResult(ErrorPages.Error(request, 410, message)))
            {
                When = pathAndCondition.Length > 1 ? pathAndCondition[1] : null,
                Filter = NameFilter.None,
                Access = Access.None,
            };
        }
    }

    private static string Message(string? replacement, string kind)
    {
        string setting = $"`nacos.core.api.compatibility.{kind}.enabled=true`";
        string text = replacement is null
            ? $"Current API will be deprecated, If wanted continue to use, please set {setting} in application.properties."
            : $"Current API will be deprecated, please use API(s) `{Expand(replacement)}` instead, or set {setting} in application.properties.";
        return Encoding.UTF8.GetString(NacosJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("code"u8, 40000);
            json.WriteString("message"u8, text);
            json.WriteEndObject();
        }).Span);
    }

    private static string Expand(string replacement) => replacement.Contains('$', StringComparison.Ordinal)
        ? replacement.Replace("$", "${contextPath:nacos}", StringComparison.Ordinal)
        : replacement.Replace(" /", " {contextPath:nacos}/", StringComparison.Ordinal);

    /// <summary>The error format of the disabled calls, whose handlers never fail.</summary>
    private sealed class DisabledErrorFormat : IErrorFormat
    {
        public static DisabledErrorFormat Instance { get; } = new();

        public Answer Answer(NacosCall call, FaultException fault) => ErrorPages.Error(call, 500, fault.Message);
    }
}
