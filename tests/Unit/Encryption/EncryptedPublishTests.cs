using Acm.Client;
using Acm.Client.Encryption;
using Acm.Client.Text;
using Acm.Tests.Support;

namespace Acm.Tests.Encryption;

public sealed class EncryptedPublishTests : IAsyncLifetime
{
    private const string Text = "password: p@ss&w*rd+/=\n用户: 中文😀\n";

    private EncryptedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EncryptedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_direct_one_is_stored_as_KMS_encrypts_it_and_nothing_else()
    {
        using AcmClient client = _server.Client();

        PublishResult result = await Clients.InTime(client.PublishAsync(new ConfigKey("cipher-db.yaml"), Text));

        (string content, string? dataKey) = await _server.StoredAsync("cipher-db.yaml");
        Assert.Equal(Text, _server.Kms.Decrypt(content));
        Assert.Null(dataKey);
        Assert.Equal(Text, result.Config.Content);
        Assert.Equal(content, result.Config.RawContent);
        Assert.Equal(Md5Hex.Of(result.Config.RawBytes.Span), result.Config.Md5);
        Assert.Equal("alias/acs/acm", Assert.Single(_server.Kms.Requests).Field("KeyId"));
    }

    [Theory]
    [InlineData("cipher-kms-aes-128-db.yaml", "AES_128")]
    [InlineData("cipher-kms-aes-256-db.yaml", "AES_256")]
    public async Task An_envelope_is_stored_as_the_Java_client_reads_it(string dataId, string spec)
    {
        using AcmClient client = _server.Client();

        PublishResult result = await Clients.InTime(client.PublishAsync(new ConfigKey(dataId), Text));

        (string content, string? dataKey) = await _server.StoredAsync(dataId);
        Assert.Equal(Text, PeerCipher.Decrypt(_server.Kms, content, dataKey!));
        Assert.Equal(dataKey, result.Config.EncryptedDataKey);
        Assert.Equal(spec, Assert.Single(_server.Kms.Requests).Field("KeySpec"));
    }

    [Theory]
    [InlineData("cipher-db.yaml")]
    [InlineData("cipher-kms-aes-128-db.yaml")]
    public async Task What_was_published_is_read_back_without_asking_KMS(string dataId)
    {
        using AcmClient client = _server.Client();
        await Clients.InTime(client.PublishAsync(new ConfigKey(dataId), Text));

        AcmConfig config = await Clients.InTime(client.GetAsync(new ConfigKey(dataId)));

        Assert.Equal(Text, config.Content);
        Assert.Equal(1, _server.Kms.Calls);
    }

    [Fact]
    public async Task An_envelope_has_no_limit_of_KMS()
    {
        using AcmClient client = _server.Client();
        string text = string.Concat(Enumerable.Repeat("中文😀 line\n", 4000));

        await Clients.InTime(client.PublishAsync(new ConfigKey("cipher-kms-aes-128-big.txt"), text));

        using AcmClient other = _server.Client();
        Assert.Equal(text, (await Clients.InTime(other.GetAsync(new ConfigKey("cipher-kms-aes-128-big.txt")))).Content);
    }

    [Fact]
    public async Task A_direct_one_of_6144_bytes_is_encrypted()
    {
        using AcmClient client = _server.Client();
        string text = new('中', 2048);

        await Clients.InTime(client.PublishAsync(new ConfigKey("cipher-full"), text));

        Assert.Equal(text, _server.Kms.Decrypt((await _server.StoredAsync("cipher-full")).Content));
    }

    [Theory]
    [InlineData("x", 6145)]
    [InlineData("中", 2049)]
    public async Task One_byte_more_is_refused_with_limit_and_way_out_and_KMS_is_not_asked(string part, int times)
    {
        using AcmClient client = _server.Client();

        AcmException error = await Clients.FailsAsync(client.PublishAsync(new ConfigKey("cipher-full"), string.Concat(Enumerable.Repeat(part, times))));

        Assert.Equal(AcmErrorKind.ContentTooLarge, error.Kind);
        Assert.Contains("6144", error.Message, StringComparison.Ordinal);
        Assert.Contains("cipher-kms-aes-128-", error.Advice, StringComparison.Ordinal);
        Assert.Equal(0, _server.Kms.Calls);
        Assert.Equal(404, (await _server.Server.GetAsync("cipher-full")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    public async Task What_no_server_stores_is_refused_before_KMS_is_asked(string content)
    {
        using AcmClient client = _server.Client();

        foreach (string dataId in new[] { "cipher-x", "cipher-kms-aes-128-x" })
        {
            AcmException error = await Clients.FailsAsync(client.PublishAsync(new ConfigKey(dataId), content));

            Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
            Assert.Equal(dataId, error.Key!.DataId);
        }

        Assert.Equal(0, _server.Kms.Calls);
    }

    [Fact]
    public async Task Half_a_character_is_refused_and_not_replaced()
    {
        using AcmClient client = _server.Client();

        AcmException error = await Clients.FailsAsync(client.PublishAsync(new ConfigKey("cipher-x"), "half \ud800 a pair"));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Contains("position 6", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _server.Kms.Calls);
    }

    [Fact]
    public async Task Without_KMS_nothing_is_stored_in_the_clear()
    {
        using AcmClient client = _server.Client(kms: false);

        AcmException error = await Clients.FailsAsync(client.PublishAsync(new ConfigKey("cipher-db.yaml"), Text));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Equal(nameof(AcmClientOptions.Kms), error.Option);
        Assert.Equal(404, (await _server.Server.GetAsync("cipher-db.yaml")).Status);
    }

    [Fact]
    public async Task Without_KMS_it_is_stored_in_the_clear_where_that_is_allowed()
    {
        using AcmClient client = _server.Client(kms: false);

        await Clients.InTime(client.PublishAsync(new ConfigKey("cipher-db.yaml"), "a: 1", new PublishOptions { AllowPlaintext = true }));

        Assert.Equal("a: 1", (await _server.StoredAsync("cipher-db.yaml")).Content);
    }

    [Fact]
    public async Task Allowing_clear_text_does_not_keep_KMS_from_encrypting()
    {
        using AcmClient client = _server.Client();

        await Clients.InTime(client.PublishAsync(new ConfigKey("cipher-db.yaml"), "a: 1", new PublishOptions { AllowPlaintext = true }));

        Assert.Equal("a: 1", _server.Kms.Decrypt((await _server.StoredAsync("cipher-db.yaml")).Content));
    }

    [Fact]
    public async Task Where_KMS_fails_nothing_is_published()
    {
        using AcmClient client = _server.Client();
        _server.Kms.Refusals["alias/acs/acm"] = StandIns.RpcStandIn.Error(409, "Rejected.Disabled");

        foreach (string dataId in new[] { "cipher-x", "cipher-kms-aes-128-x" })
        {
            AcmException error = await Clients.FailsAsync(client.PublishAsync(new ConfigKey(dataId), Text));

            Assert.Equal(AcmErrorKind.DecryptFailed, error.Kind);
            Assert.StartsWith($"'DEFAULT_GROUP/{dataId}' was not published.", error.Message, StringComparison.Ordinal);
            Assert.Equal("Enable the key in KMS.", error.Advice);
            Assert.Equal(404, (await _server.Server.GetAsync(dataId)).Status);
        }
    }

    [Fact]
    public async Task A_key_that_does_not_exist_is_named()
    {
        using AcmClient client = Clients.With(_server.Options() with { Kms = new AcmKmsOptions { Endpoint = _server.Kms.Address, KeyId = "alias/mine" } });

        AcmException error = await Clients.FailsAsync(client.PublishAsync(new ConfigKey("cipher-x"), Text));

        Assert.Equal(AcmErrorKind.DecryptFailed, error.Kind);
        Assert.Contains("'alias/mine'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Forbidden.AliasNotFound", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cipher-db.yaml")]
    [InlineData("cipher-kms-aes-128-db.yaml")]
    [InlineData("cipher-kms-aes-256-db.yaml")]
    public async Task Cipher_text_moves_as_it_is_without_KMS(string dataId)
    {
        var key = new ConfigKey(dataId);
        using AcmClient client = _server.Client();
        await Clients.InTime(client.PublishAsync(key, Text));
        int calls = _server.Kms.Calls;
        using AcmClient mover = _server.Client(kms: false);

        AcmConfig source = await Clients.InTime(mover.GetAsync(key, new AcmCallOptions { NoDecrypt = true }));
        PublishResult moved = await Clients.InTime(mover.ForNamespace("ns-0002").PublishAsync(key, source.RawContent, new PublishOptions { IsRaw = true, EncryptedDataKey = source.EncryptedDataKey }));

        Assert.Null(source.Warning);
        Assert.Equal(source.Md5, moved.Config.Md5);
        Assert.Equal(calls, _server.Kms.Calls);
        Assert.Equal(Text, (await Clients.InTime(client.ForNamespace("ns-0002").GetAsync(key))).Content);
    }

    [Theory]
    [InlineData("cipher-db.yaml", null)]
    [InlineData("cipher-kms-aes-128-db.yaml", "c29tZSBkYXRhIGtleQ==")]
    public async Task Clear_text_does_not_pass_for_cipher_text(string dataId, string? dataKey)
    {
        using AcmClient client = _server.Client();
        var options = new PublishOptions { IsRaw = true, EncryptedDataKey = dataKey };

        AcmException error = await Clients.FailsAsync(client.PublishAsync(new ConfigKey(dataId), "password: secret", options));

        Assert.Equal(AcmErrorKind.InvalidContent, error.Kind);
        Assert.Equal(404, (await _server.Server.GetAsync(dataId)).Status);
    }

    [Fact]
    public async Task A_data_key_belongs_to_cipher_text_only()
    {
        using AcmClient client = _server.Client();

        await Assert.ThrowsAsync<ArgumentException>(() => client.PublishAsync(new ConfigKey("cipher-x"), "x", new PublishOptions { EncryptedDataKey = "abc" }));
        await Assert.ThrowsAsync<ArgumentException>(() => client.PublishAsync(new ConfigKey("cipher-x"), "x", new PublishOptions { IsRaw = true, EncryptedDataKey = "a\nb" }));
    }

    [Fact]
    public async Task A_compare_and_set_is_about_the_stored_cipher_text()
    {
        var key = new ConfigKey("cipher-kms-aes-128-db.yaml");
        using AcmClient client = _server.Client();
        PublishResult first = await Clients.InTime(client.PublishAsync(key, "a"));

        await Clients.InTime(client.PublishAsync(key, "b", new PublishOptions { IfMatch = first.Config.Md5 }));
        AcmException error = await Clients.FailsAsync(client.PublishAsync(key, "c", new PublishOptions { IfMatch = first.Config.Md5 }));

        Assert.Equal(AcmErrorKind.Conflict, error.Kind);
    }

    [Fact]
    public void The_limit_is_that_of_KMS() => Assert.Equal(6144, ConfigCipher.MaxDirectBytes);
}
