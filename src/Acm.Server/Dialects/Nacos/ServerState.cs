using System.Globalization;
using System.Text.Json;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The server state, from which clients read the version.</summary>
internal static class ServerState
{
    public static string Version(Generation generation) => generation switch
    {
        Generation.One => "1.4.8",
        Generation.Two => "2.5.1",
        Generation.Three => "3.0.3",
        _ => "3.2.0",
    };

    /// <summary>Returns the members of the state; all values are text.</summary>
    /// <param name="facts">The settings; the generation determines the members.</param>
    /// <param name="port">The server's port.</param>
    public static IEnumerable<(string Name, string? Value)> Members(ServerFacts facts, int port)
    {
        if (facts.Generation == Generation.One) return [("version", Version(facts.Generation)), ("standalone_mode", "standalone"), ("function_mode", null)];

        return
        [
            ("defaultMaxSize", "102400"), ("auth_system_type", "nacos"), ("auth_enabled", facts.AuthEnabled ? "true" : "false"), ("defaultMaxAggrSize", "1024"),
            ("maxHealthCheckFailCount", "12"), ("maxContent", Number(facts.MaxContentBytes)), ("console_ui_enabled", "true"), ("defaultMaxAggrCount", "10000"),
            ("auth_admin_request", "false"), ("defaultGroupQuota", "200"), ("config_retention_days", Number(facts.RetentionDays)),
            ("startup_mode", "standalone"), ("isHealthCheck", "true"), ("version", Version(facts.Generation)), ("function_mode", null), ("isManageCapacity", "true"),
            ("isCapacityLimitCheck", "false"), ("datasource_platform", ""), ("notifyConnectTimeout", "100"), ("server_port", Number(port)),
            ("notifySocketTimeout", "200"), ("defaultClusterQuota", "100000"), ("login_page_enabled", facts.AuthEnabled ? "true" : "false"), ("plugin_datasource_log_enabled", "false"),
        ];
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static void Write(Utf8JsonWriter json, IEnumerable<(string Name, string? Value)> members)
    {
        json.WriteStartObject();
        foreach ((string name, string? value) in members) json.WriteString(name, value);
        json.WriteEndObject();
    }
}
