using System.Text.Json;
using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>A key that a connection listens to: the push that says that it changed. It names the key and tells nothing else.</summary>
/// <param name="connection">Who listens.</param>
/// <param name="tenant">The namespace as the client wrote it; blank where it wrote none.</param>
internal sealed class KeyPush(GrpcConnection connection, string tenant) : Push, IWatcher
{
    public override string Type => "ConfigChangeNotifyRequest";

    /// <summary>Its place among the watchers of the key; set once, right after it was made.</summary>
    public Watch Watch { get; set; } = null!;

    /// <summary>The namespace as the client wrote it.</summary>
    public string Tenant => tenant;

    /// <summary>The MD5 that the client listed last.</summary>
    public string ListedMd5 { get; set; } = "";

    public ReadView View => connection.View;

    public ListeningClient? Client => null;

    public string Md5(KeySlot slot) => ListedMd5;

    public void Tell(Watch watch)
    {
        Tries = 0;
        connection.Enqueue(this);
    }

    public override void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("dataId"u8, Watch.Slot.Key.DataId);
        json.WriteString("group"u8, Watch.Slot.Key.Group);
        if (tenant.Length > 0) json.WriteString("tenant"u8, tenant);
        json.WriteString("module"u8, "config"u8);
    }
}
