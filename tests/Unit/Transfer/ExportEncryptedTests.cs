using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Encryption;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Exports of encrypted configurations, with a real server and a stand-in for KMS.</summary>
public sealed class ExportEncryptedTests
{
    [Theory]
    [InlineData("cipher-db")]
    [InlineData("cipher-kms-aes-128-db")]
    public async Task S12_what_is_decrypted_is_for_its_owner_only_and_what_is_not_is_recorded(string dataId)
    {
        await using EncryptedServer server = await EncryptedServer.StartAsync();
        using AcmClient client = server.Client();
        await Clients.InTime(client.PublishAsync(new ConfigKey(dataId), "password: 中文"));
        (string stored, string? dataKey) = await server.StoredAsync(dataId);
        string plain = Path.Combine(server.Folder.Path, "plain");
        string cipher = Path.Combine(server.Folder.Path, "cipher");

        await Clients.InTime(new ConfigExporter(client).ToFolderAsync(plain));
        int calls = server.Kms.Calls;
        await Clients.InTime(new ConfigExporter(client, new ExportOptions { NoDecrypt = true }).ToFolderAsync(cipher));

        Assert.Equal("password: 中文", await File.ReadAllTextAsync(Path.Combine(plain, dataId), TestContext.Current.CancellationToken));
        Assert.Equal([dataId], Directory.GetFiles(plain).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(plain, dataId)));
        Assert.Equal(stored, await File.ReadAllTextAsync(Path.Combine(cipher, dataId), TestContext.Current.CancellationToken));
        TransferRecordEntry entry = TransferRecord.Parse(await File.ReadAllBytesAsync(Path.Combine(cipher, TransferRecord.FileName), TestContext.Current.CancellationToken), "").Files[dataId];
        Assert.Equal((true, dataKey), (entry.IsCipherText, entry.Metadata.EncryptedDataKey));
        Assert.Equal(calls, server.Kms.Calls);
    }

    [Fact]
    public async Task The_failover_folder_gets_cipher_text_that_is_decrypted_when_it_is_read()
    {
        await using EncryptedServer server = await EncryptedServer.StartAsync();
        string failover = Path.Combine(server.Folder.Path, "failover");
        using AcmClient client = Clients.With(server.Options() with { FailoverPath = failover });
        var key = new ConfigKey("cipher-kms-aes-128-db");
        await Clients.InTime(client.PublishAsync(key, "canary"));

        await Clients.InTime(new ConfigExporter(client).ToFailoverAsync(failover));
        AcmConfig config = await Clients.InTime(client.GetAsync(key));

        Assert.Equal(("canary", ConfigSource.Failover), (config.Content, config.Source));
        foreach (string file in Directory.GetFiles(failover, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("canary", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
