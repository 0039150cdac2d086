using System.Text.Json;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>Members that several responses share.</summary>
internal static class V1Shapes
{
    /// <summary>Writes the time, user and address of the last change. The creation time is not stored; the last change takes its place.</summary>
    public static void WriteChange(Utf8JsonWriter json, ConfigEntry entry)
    {
        json.WriteNumber("createTime"u8, entry.ModifiedAt.ToUnixTimeMilliseconds());
        json.WriteNumber("modifyTime"u8, entry.ModifiedAt.ToUnixTimeMilliseconds());
        json.WriteString("createUser"u8, entry.ModifiedBy);
        json.WriteString("createIp"u8, entry.ModifiedFrom);
    }

    public static void WriteTexts(Utf8JsonWriter json, ConfigMetadata metadata)
    {
        json.WriteString("desc"u8, metadata.Description);
        json.WriteString("use"u8, metadata.Use);
        json.WriteString("effect"u8, metadata.Effect);
    }
}
