using System.Text.Json;
using Acm.Server.Polling;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.Grpc;

/// <summary>A subscribed key of a connection, and at the same time the push for its changes, which carries nothing but the key.</summary>
/// <param name="connection">The subscribed connection.</param>
/// <param name="tenant">The namespace as the client wrote it; empty if it wrote none.</param>
internal sealed class KeyPush(GrpcConnection connection, string tenant) : Push, IWatcher
{
    public override string Type => "ConfigChangeNotifyRequest";

    /// <summary>Gets or sets the entry among the watchers of the key; set once, right after construction.</summary>
    public Watch Watch { get; set; } = null!;

    /// <summary>Gets the namespace as the client wrote it.</summary>
    public string Tenant => tenant;

    /// <summary>Gets or sets the MD5 that the client sent last.</summary>
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
