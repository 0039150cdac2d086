using Acm.Client;
using Acm.Tests.Support;

namespace Acm.Tests.Encryption;

/// <summary>Failover files and snapshots contain the encrypted content, and are decrypted like that of the server.</summary>
public sealed class EncryptedFilesTests : IAsyncLifetime
{
    private const string Text = "canary: 中文😀\n";

    private EncryptedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EncryptedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("cipher-db.yaml")]
    [InlineData("cipher-kms-aes-128-db.yaml")]
    public async Task A_snapshot_holds_cipher_text_and_is_decrypted_when_no_server_answers(string dataId)
    {
        var key = new ConfigKey(dataId);
        AcmClientOptions options = _server.Options() with { NoSnapshot = false, SnapshotPath = _server.Folder.Path };
        using (AcmClient client = Clients.With(options)) await Clients.InTime(client.PublishAsync(key, Text));

        Assert.DoesNotContain(_server.Folder.Files(), file => File.ReadAllText(Path.Combine(_server.Folder.Path, file)).Contains("canary", StringComparison.Ordinal));

        using AcmClient offline = Clients.With(options with { Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}" });
        AcmConfig config = await Clients.InTime(offline.GetAsync(key));
        ConfigResult many = (await Clients.InTime(offline.GetManyAsync([key])))[0];

        Assert.Equal(Text, config.Content);
        Assert.Equal(ConfigSource.Snapshot, config.Source);
        Assert.Contains("is a snapshot", config.Warning, StringComparison.Ordinal);
        Assert.Equal(Text, many.Config!.Content);
    }

    [Fact]
    public async Task A_snapshot_without_KMS_warns_of_both()
    {
        var key = new ConfigKey("cipher-db.yaml");
        AcmClientOptions options = _server.Options() with { NoSnapshot = false, SnapshotPath = _server.Folder.Path };
        using (AcmClient client = Clients.With(options)) await Clients.InTime(client.PublishAsync(key, Text));

        using AcmClient offline = Clients.With(options with { Kms = null, Endpoint = $"127.0.0.1:{ScriptedServer.UnusedPort()}" });
        AcmConfig config = await Clients.InTime(offline.GetAsync(key));

        Assert.Contains("is a snapshot", config.Warning, StringComparison.Ordinal);
        Assert.Contains("has no KMS", config.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cipher-db.yaml")]
    [InlineData("cipher-kms-aes-256-db.yaml")]
    public async Task A_snapshot_copied_over_is_a_failover_file_and_is_decrypted(string dataId)
    {
        var key = new ConfigKey(dataId);
        AcmClientOptions options = _server.Options() with { NoSnapshot = false, SnapshotPath = _server.Folder.Path };
        using (AcmClient client = Clients.With(options)) await Clients.InTime(client.PublishAsync(key, Text));

        using AcmClient local = Clients.With(_server.Options() with { FailoverPath = _server.Folder.Path });
        AcmConfig config = await Clients.InTime(local.GetAsync(key));

        Assert.Equal(Text, config.Content);
        Assert.Equal(ConfigSource.Failover, config.Source);
        Assert.Null(config.Warning);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failover_file_that_somebody_wrote_in_the_clear_is_taken_as_it_is_with_a_warning(bool kms)
    {
        _server.Folder.Write("ns-0001/DEFAULT_GROUP/cipher-db.yaml", Text);
        using AcmClient client = Clients.With(_server.Options(kms) with { FailoverPath = _server.Folder.Path });

        AcmConfig config = await Clients.InTime(client.GetAsync(new ConfigKey("cipher-db.yaml")));

        Assert.Equal(Text, config.Content);
        Assert.Contains("does not hold cipher text", config.Warning, StringComparison.Ordinal);
        Assert.Equal(0, _server.Kms.Calls);
    }

    [Fact]
    public async Task A_failover_file_that_somebody_wrote_with_cipher_text_is_decrypted_line_end_and_all()
    {
        _server.Folder.Write("ns-0001/DEFAULT_GROUP/cipher-db.yaml", _server.Kms.Encrypt(Text) + "\n");
        using AcmClient client = Clients.With(_server.Options() with { FailoverPath = _server.Folder.Path });

        Assert.Equal(Text, (await Clients.InTime(client.GetAsync(new ConfigKey("cipher-db.yaml")))).Content);
    }

    [Fact]
    public async Task What_could_be_cipher_text_and_is_none_is_an_error_and_not_a_guess()
    {
        _server.Folder.Write("ns-0001/DEFAULT_GROUP/cipher-token", new string('a', 64));
        using AcmClient client = Clients.With(_server.Options() with { FailoverPath = _server.Folder.Path });

        Assert.Equal(AcmErrorKind.DecryptFailed, (await Clients.FailsAsync(client.GetAsync(new ConfigKey("cipher-token")))).Kind);
    }
}
