using System.Globalization;
using System.Text.Json;

namespace Acm.Server.Dialects.Nacos;

/// <summary>What a server says of itself. Clients read the version here.</summary>
internal static class ServerState
{
    public static string Version(Generation generation) => generation switch
    {
        Generation.One => "1.4.8",
        Generation.Two => "2.5.1",
        Generation.Three => "3.0.3",
        _ => "3.2.0",
    };

    /// <summary>Members and values of the state; all values are text.</summary>
    /// <param name="generation">Decides which there are.</param>
    /// <param name="authEnabled">Whether callers must log in.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="retentionDays">For how long changes are kept.</param>
    public static IEnumerable<(string Name, string? Value)> Members(Generation generation, bool authEnabled, int port, int retentionDays)
    {
        if (generation == Generation.One) return [("version", Version(generation)), ("standalone_mode", "standalone"), ("function_mode", null)];

        return
        [
            ("defaultMaxSize", "102400"), ("auth_system_type", "nacos"), ("auth_enabled", authEnabled ? "true" : "false"), ("defaultMaxAggrSize", "1024"),
            ("maxHealthCheckFailCount", "12"), ("maxContent", "10485760"), ("console_ui_enabled", "true"), ("defaultMaxAggrCount", "10000"),
            ("auth_admin_request", "false"), ("defaultGroupQuota", "200"), ("config_retention_days", retentionDays.ToString(CultureInfo.InvariantCulture)),
            ("startup_mode", "standalone"), ("isHealthCheck", "true"), ("version", Version(generation)), ("function_mode", null), ("isManageCapacity", "true"),
            ("isCapacityLimitCheck", "false"), ("datasource_platform", ""), ("notifyConnectTimeout", "100"), ("server_port", port.ToString(CultureInfo.InvariantCulture)),
            ("notifySocketTimeout", "200"), ("defaultClusterQuota", "100000"), ("login_page_enabled", authEnabled ? "true" : "false"), ("plugin_datasource_log_enabled", "false"),
        ];
    }

    public static void Write(Utf8JsonWriter json, IEnumerable<(string Name, string? Value)> members)
    {
        json.WriteStartObject();
        foreach ((string name, string? value) in members) json.WriteString(name, value);
        json.WriteEndObject();
    }
}
