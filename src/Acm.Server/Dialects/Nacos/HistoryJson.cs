using System.Text;
using System.Text.Json;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos;

/// <summary>The parts of a history item that all versions of the API format alike.</summary>
internal static class HistoryJson
{
    public const string FormalType = "formal";
    public const string GrayType = "gray";
    private const string GrayVersion = "1.0.0";

    /// <summary>Gets the creation time that Nacos reports for every change, 2010-05-05T00:00:00Z.</summary>
    public static DateTimeOffset CreatedAt { get; } = new(2010, 5, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Returns the letter of the operation, padded to ten characters.</summary>
    public static string Operation(HistoryItem item) => Letter(item).PadRight(10);

    public static string Letter(HistoryItem item) => item.Operation switch
    {
        Storage.Operation.Insert => "I",
        Storage.Operation.Update => "U",
        _ => "D",
    };

    /// <summary>Returns the user of a change; empty if a gray version was removed by an unknown user.</summary>
    public static string? User(HistoryItem item) => item.By ?? (item.Operation == Storage.Operation.Delete && item.Gray.Length > 0 ? "" : null);

    /// <summary>Returns the rule of a gray version as JSON.</summary>
    public static string Rule(GrayRule rule) => Encoding.UTF8.GetString(NacosJson.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type"u8, rule.IsBeta ? "beta" : "tag");
        json.WriteString("expr"u8, rule.Expression);
        json.WriteString("version"u8, GrayVersion);
        json.WriteString("priority"u8, rule.IsBeta ? "2147483647" : "2147483646");
        json.WriteEndObject();
    }).Span);

    /// <summary>Returns the metadata of a change as JSON, without unset members.</summary>
    public static string Extra(HistoryItem item) => Encoding.UTF8.GetString(NacosJson.Write(json =>
    {
        ConfigMetadata metadata = item.Metadata;
        json.WriteStartObject();
        if (item.Rule is { } rule)
        {
            json.WriteString("gray_name"u8, rule.Name);
            json.WriteString("gray_rule"u8, Rule(rule));
        }
        else
        {
            Write(json, "type", metadata.Type);
            Write(json, "config_tags", metadata.Tags);
            Write(json, "c_desc", metadata.Description);
            Write(json, "c_use", metadata.Use);
            Write(json, "effect", metadata.Effect);
            Write(json, "c_schema", metadata.Schema);
        }

        Write(json, "src_user", item.ShownBy);
        json.WriteEndObject();
    }).Span);

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) json.WriteString(name, value);
    }
}
