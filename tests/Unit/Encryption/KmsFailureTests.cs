using System.Text;
using Acm.Client;
using Acm.Tests.StandIns;
using Acm.Tests.Support;

namespace Acm.Tests.Encryption;

public sealed class KmsFailureTests : IAsyncLifetime
{
    private const string Text = "canary-content-7431";
    private static readonly ConfigKey Key = new("cipher-db.yaml");

    private EncryptedServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await EncryptedServer.StartAsync();
        await _server.PublishAsync(Key.DataId, _server.Kms.Encrypt(Text));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(404, "Forbidden.KeyNotFound", AcmErrorKind.DecryptFailed)]
    [InlineData(409, "Rejected.Disabled", AcmErrorKind.DecryptFailed)]
    [InlineData(409, "Rejected.PendingDeletion", AcmErrorKind.DecryptFailed)]
    [InlineData(400, "InvalidParameter", AcmErrorKind.DecryptFailed)]
    [InlineData(400, "UnsupportedOperation", AcmErrorKind.DecryptFailed)]
    [InlineData(400, "Something.New", AcmErrorKind.DecryptFailed)]
    [InlineData(403, "Forbidden.NoPermission", AcmErrorKind.AccessDenied)]
    [InlineData(404, "InvalidAccessKeyId.NotFound", AcmErrorKind.AuthenticationFailed)]
    [InlineData(400, "SignatureDoesNotMatch", AcmErrorKind.AuthenticationFailed)]
    [InlineData(418, "", AcmErrorKind.InvalidResponse)]
    public async Task A_refusal_has_its_kind_and_names_code_request_id_and_key(int status, string code, AcmErrorKind kind)
    {
        _server.Kms.NextReplies.Enqueue(RpcStandIn.Error(status, code));
        using AcmClient client = _server.Client();

        AcmException error = await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(Key, error.Key);
        Assert.StartsWith("'DEFAULT_GROUP/cipher-db.yaml' could not be decrypted. KMS at ", error.Message, StringComparison.Ordinal);
        Assert.Contains(code, error.Message, StringComparison.Ordinal);
        Assert.Contains("4C467B38-3910-447D-87BC-AC049166F216", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Advice);
    }

    [Fact]
    public async Task Throttling_is_waited_out()
    {
        for (int i = 0; i < 2; i++) _server.Kms.NextReplies.Enqueue(RpcStandIn.Error(400, "Rejected.Throttling"));
        using AcmClient client = _server.Client();

        Assert.Equal(Text, (await Clients.InTime(client.GetAsync(Key))).Content);
        Assert.Equal(3, _server.Kms.Calls);
    }

    [Fact]
    public async Task Throttling_without_end_is_Throttled()
    {
        for (int i = 0; i < 9; i++) _server.Kms.NextReplies.Enqueue(RpcStandIn.Error(400, "Rejected.Throttling"));
        using AcmClient client = _server.Client();

        Assert.Equal(AcmErrorKind.Throttled, (await Clients.FailsAsync(client.GetAsync(Key))).Kind);
    }

    [Fact]
    public async Task A_failure_is_not_remembered()
    {
        _server.Kms.NextReplies.Enqueue(RpcStandIn.Error(403, "Forbidden.NoPermission"));
        using AcmClient client = _server.Client();

        await Clients.FailsAsync(client.GetAsync(Key));

        Assert.Equal(Text, (await Clients.InTime(client.GetAsync(Key))).Content);
    }

    [Fact]
    public async Task A_thousand_fail_as_fast_as_one_where_KMS_can_not_be_reached()
    {
        ConfigKey[] keys = [.. Enumerable.Range(0, 200).Select(i => new ConfigKey($"cipher-{i}"))];
        foreach (ConfigKey key in keys) await _server.PublishAsync(key.DataId, _server.Kms.Encrypt(key.DataId));
        for (int i = 0; i < 1000; i++) _server.Kms.NextReplies.Enqueue(new StandInReply(200, "") { Drop = true });
        using AcmClient client = _server.Client();

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync(keys));

        Assert.All(results, result =>
        {
            Assert.Equal(AcmErrorKind.ServerUnavailable, result.Error!.Kind);
            Assert.Equal(result.Key, result.Error.Key);
        });

        // The concurrent requests with all their retries, and no more.
        Assert.InRange(_server.Kms.Calls, 4, 16 * 4);
    }

    [Fact]
    public async Task KMS_that_can_not_be_reached_is_no_reason_to_answer_with_an_old_value()
    {
        using AcmClient client = Clients.With(_server.Options() with { NoSnapshot = false, SnapshotPath = _server.Folder.Path });
        await Clients.InTime(client.GetAsync(Key));
        await _server.PublishAsync(Key.DataId, _server.Kms.Encrypt("new"));
        for (int i = 0; i < 9; i++) _server.Kms.NextReplies.Enqueue(new StandInReply(200, "") { Drop = true });

        Assert.Equal(AcmErrorKind.ServerUnavailable, (await Clients.FailsAsync(client.GetAsync(Key))).Kind);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_UntrustedServer_and_KMS_is_sent_nothing()
    {
        using AcmClient client = Clients.With(_server.Options() with { CaCertificatePath = null });

        Assert.Equal(AcmErrorKind.UntrustedServer, (await Clients.FailsAsync(client.GetAsync(Key))).Kind);
        Assert.Equal(0, _server.Kms.Calls);
    }

    [Fact]
    public async Task S6_skipping_the_check_of_certificates_does_not_count_for_KMS()
    {
        using AcmClient client = Clients.With(_server.Options() with { CaCertificatePath = null, SkipCertificateCheck = true });

        Assert.Equal(AcmErrorKind.UntrustedServer, (await Clients.FailsAsync(client.GetAsync(Key))).Kind);
    }

    [Fact]
    public async Task A_token_that_ended_is_renewed_once()
    {
        _server.Kms.AccessKeys["STS.new"] = ("new-secret", "new-token");
        using var source = new TwoCredentials();
        _server.Kms.NextReplies.Enqueue(RpcStandIn.Error(400, "InvalidSecurityToken.Expired"));
        using AcmClient client = Clients.With(_server.Options() with { Kms = new AcmKmsOptions { Endpoint = _server.Kms.Address, CredentialSource = source } });

        Assert.Equal(Text, (await Clients.InTime(client.GetAsync(Key))).Content);
        Assert.Equal(["STS.old", "STS.new"], _server.Kms.Requests.Select(request => request.Field("AccessKeyId")));
    }

    [Fact]
    public async Task KMS_can_have_keys_of_its_own()
    {
        _server.Kms.AccessKeys["kms-ak"] = ("kms-sk", null);
        using AcmClient client = Clients.With(_server.Options() with { Credential = null, Kms = new AcmKmsOptions { Endpoint = _server.Kms.Address, Credential = new AcmCredential("kms-ak", "kms-sk") } });

        Assert.Equal(Text, (await Clients.InTime(client.GetAsync(Key))).Content);
        Assert.Equal("kms-ak", Assert.Single(_server.Kms.Requests).Field("AccessKeyId"));
    }

    [Theory]
    [InlineData("cipher-plain", "password: secret", null, 0)]
    [InlineData("cipher-kms-aes-128-plain", "password: secret", null, 0)]
    [InlineData("cipher-kms-aes-128-x", "not Base64!", "key", 0)]
    public async Task What_is_no_cipher_text_is_DecryptFailed_without_asking(string dataId, string content, string? dataKey, int calls)
    {
        await _server.PublishAsync(dataId, content, dataKey);
        using AcmClient client = _server.Client();

        AcmException error = await Clients.FailsAsync(client.GetAsync(new ConfigKey(dataId)));

        Assert.Equal(AcmErrorKind.DecryptFailed, error.Kind);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(calls, _server.Kms.Calls);
    }

    [Fact]
    public async Task Content_and_data_key_of_two_publishes_are_DecryptFailed()
    {
        (string content, _) = PeerCipher.Encrypt(_server.Kms, Text, 16);
        (_, string dataKey) = PeerCipher.Encrypt(_server.Kms, Text, 16);
        await _server.PublishAsync("cipher-kms-aes-128-x", content, dataKey);
        await _server.PublishAsync("cipher-kms-aes-128-y", content, _server.Kms.Encrypt("this is no key"));
        await _server.PublishAsync("cipher-kms-aes-128-z", Convert.ToBase64String(Encoding.ASCII.GetBytes("half a block")), dataKey);
        using AcmClient client = _server.Client();

        foreach (string dataId in new[] { "cipher-kms-aes-128-x", "cipher-kms-aes-128-y", "cipher-kms-aes-128-z" })
        {
            Assert.Equal(AcmErrorKind.DecryptFailed, (await Clients.FailsAsync(client.GetAsync(new ConfigKey(dataId)))).Kind);
        }
    }

    [Fact]
    public async Task A_cipher_text_of_another_account_is_DecryptFailed()
    {
        await using var other = new KmsStandIn();
        await _server.PublishAsync("cipher-foreign", other.Encrypt(Text));
        using AcmClient client = _server.Client();

        AcmException error = await Clients.FailsAsync(client.GetAsync(new ConfigKey("cipher-foreign")));

        Assert.Equal(AcmErrorKind.DecryptFailed, error.Kind);
        Assert.Contains("another account or region", error.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S11_no_line_of_the_log_no_error_and_no_query_shows_a_secret_or_content()
    {
        var log = new RecordingLog(AcmLogLevel.Debug);
        _server.Kms.AccessKeys["kms-ak"] = ("canary-secret-7432", "canary-token-7433");
        var kms = new AcmKmsOptions { Endpoint = _server.Kms.Address, Credential = new AcmCredential("kms-ak", "canary-secret-7432", "canary-token-7433") };
        using AcmClient client = Clients.With(_server.Options() with { Log = log, Kms = kms });
        var told = new StringBuilder();

        await Clients.InTime(client.PublishAsync(new ConfigKey("cipher-kms-aes-128-db.yaml"), Text));
        await Clients.InTime(client.PublishAsync(new ConfigKey("cipher-two"), Text));
        await Clients.InTime(client.GetAsync(Key));
        foreach (string code in new[] { "InvalidParameter", "SignatureDoesNotMatch", "Forbidden.NoPermission", "Something.New" })
        {
            _server.Kms.NextReplies.Enqueue(RpcStandIn.Error(400, code, $"Message with {Text}, canary-secret-7432 and canary-token-7433"));
            told.Append(await Clients.FailsAsync(client.PublishAsync(new ConfigKey("cipher-three"), Text)));
        }

        foreach (string line in log.Lines) told.AppendLine(line);
        Assert.Contains("answered 200 to Decrypt", told.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", told.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", string.Join('\n', _server.Kms.Requests.Select(request => request.Query)), StringComparison.Ordinal);
    }

    /// <summary>A provider that returns new credentials after the old ones were rejected.</summary>
    private sealed class TwoCredentials : AcmCredentialSource
    {
        private AcmCredential _current = new("STS.old", "old-secret", "old-token");

        public override string Name => "Two";

        public override AcmCredential Current => _current;

        public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default) => new(_current);

        public override void Invalidate(AcmCredential used) => _current = new AcmCredential("STS.new", "new-secret", "new-token");
    }
}
