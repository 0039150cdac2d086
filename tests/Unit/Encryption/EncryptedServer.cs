using System.Text;
using Acm.Client;
using Acm.Tests.Local;
using Acm.Tests.Server;
using Acm.Tests.StandIns;
using Acm.Tests.Support;

namespace Acm.Tests.Encryption;

/// <summary>A test server with a stand-in for KMS.</summary>
internal sealed class EncryptedServer : IAsyncDisposable
{
    private EncryptedServer(RunningServer server) => Server = server;

    public RunningServer Server { get; }

    public KmsStandIn Kms { get; } = new();

    public static async Task<EncryptedServer> StartAsync() => new(await RunningServer.StartAsync());

    /// <summary>Gets the folder for failover files and snapshots.</summary>
    public TemporaryFolder Folder { get; } = new();

    public AcmClientOptions Options(bool kms = true) => new()
    {
        Endpoint = Server.Uri.Authority,
        Direct = true,
        Namespace = "ns-0001",
        Credential = Clients.Credential,
        TryTimeout = TimeSpan.FromSeconds(30),
        NoSnapshot = true,
        CaCertificatePath = Kms.CaPath,
        Kms = kms ? new AcmKmsOptions { Endpoint = Kms.Address } : null,
    };

    public AcmClient Client(bool kms = true) => Clients.With(Options(kms));

    /// <summary>Publishes raw bytes, like another client.</summary>
    public async Task PublishAsync(string dataId, string content, string? dataKey = null)
    {
        RawResponse response = await Server.PublishAsync(dataId, Uri.EscapeDataString(content), dataKey is null ? "" : "&encryptedDataKey=" + Uri.EscapeDataString(dataKey));
        Assert.Equal(200, response.Status);
    }

    /// <summary>Returns the stored content.</summary>
    public async Task<(string Content, string? DataKey)> StoredAsync(string dataId)
    {
        RawResponse response = await Server.GetAsync(dataId);
        Assert.Equal(200, response.Status);
        return (Encoding.Latin1.GetString(response.Body), response.Headers.GetValueOrDefault("Encrypted-Data-Key"));
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Kms.DisposeAsync();
        Folder.Dispose();
    }
}
