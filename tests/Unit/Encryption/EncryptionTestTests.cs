using Acm.Client;
using Acm.Tests.StandIns;
using Acm.Tests.Support;

namespace Acm.Tests.Encryption;

public sealed class EncryptionTestTests : IAsyncLifetime
{
    private EncryptedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EncryptedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Where_all_works_every_row_passes()
    {
        using AcmClient client = _server.Client();

        List<ConnectionCheck> rows = await RowsAsync(client);

        Assert.Equal(["Options", "Credential", "GenerateDataKey", "Encrypt", "Decrypt", "RoundTrip"], rows.Select(row => row.Check));
        Assert.All(rows, row =>
        {
            Assert.Equal(CheckStatus.Passed, row.Status);
            Assert.Equal("", row.Cure);
            Assert.Equal(_server.Kms.Address, row.Target);
        });
    }

    [Fact]
    public async Task Without_KMS_the_first_row_says_so_and_the_others_are_skipped()
    {
        using AcmClient client = _server.Client(kms: false);

        List<ConnectionCheck> rows = await RowsAsync(client);

        Assert.Equal(CheckStatus.Failed, rows[0].Status);
        Assert.Equal("Connect with KMS and its region.", rows[0].Cure);
        Assert.All(rows.Skip(1), row => Assert.Equal(CheckStatus.Skipped, row.Status));
    }

    [Fact]
    public async Task A_right_that_is_missing_is_told_apart_from_those_that_are_there()
    {
        _server.Kms.NextReplies.Enqueue(null);
        _server.Kms.NextReplies.Enqueue(RpcStandIn.Error(403, "Forbidden.NoPermission"));
        using AcmClient client = _server.Client();

        List<ConnectionCheck> rows = await RowsAsync(client);

        Assert.Equal("Passed Passed Passed Failed Passed Passed", string.Join(' ', rows.Select(row => row.Status)));
        Assert.Contains("Forbidden.NoPermission", rows[3].Detail, StringComparison.Ordinal);
        Assert.Contains("right to Encrypt of KMS", rows[3].Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_key_has_its_cure()
    {
        _server.Kms.Refusals[KmsStandIn.DefaultKey] = RpcStandIn.Error(409, "Rejected.Disabled");
        using AcmClient client = _server.Client();

        List<ConnectionCheck> rows = await RowsAsync(client);

        Assert.Equal("Passed Passed Failed Failed Skipped Skipped", string.Join(' ', rows.Select(row => row.Status)));
        Assert.Equal("Enable the key in KMS.", rows[2].Cure);
    }

    [Fact]
    public async Task A_gateway_that_changes_text_is_found_out()
    {
        _server.Kms.NextReplies.Enqueue(null);
        _server.Kms.NextReplies.Enqueue(null);
        _server.Kms.NextReplies.Enqueue(new StandInReply(200, "{\"Plaintext\":\"a\",\"RequestId\":\"1\"}"));
        using AcmClient client = _server.Client();

        List<ConnectionCheck> rows = await RowsAsync(client);

        Assert.Equal(CheckStatus.Failed, rows[5].Status);
    }

    [Fact]
    public async Task Credentials_that_are_not_to_be_had_are_a_row()
    {
        using var source = new NoCredentials();
        using AcmClient client = Clients.With(_server.Options() with { Kms = new AcmKmsOptions { Endpoint = _server.Kms.Address, CredentialSource = source } });

        List<ConnectionCheck> rows = await RowsAsync(client);

        Assert.Equal("Passed Failed Skipped Skipped Skipped Skipped", string.Join(' ', rows.Select(row => row.Status)));
        Assert.Equal("There are none.", rows[1].Detail);
        Assert.Equal(0, _server.Kms.Calls);
    }

    [Fact]
    public async Task Where_KMS_does_not_answer_the_cure_is_about_the_way_to_it_and_not_about_rights()
    {
        _server.Kms.NextReplies.Enqueue(new StandInReply(200, "") { Hang = true });
        using AcmClient client = _server.Client();

        List<ConnectionCheck> rows = await RowsAsync(client, new AcmCallOptions { TryTimeout = TimeSpan.FromSeconds(1) });

        Assert.Equal(CheckStatus.Failed, rows[2].Status);
        Assert.StartsWith("Check the KMS endpoint", rows[2].Cure, StringComparison.Ordinal);
    }

    private static async Task<List<ConnectionCheck>> RowsAsync(AcmClient client, AcmCallOptions? call = null)
    {
        List<ConnectionCheck> rows = [];
        using var deadline = new CancellationTokenSource(Clients.Deadline);
        await foreach (ConnectionCheck row in client.TestEncryptionAsync(call, deadline.Token)) rows.Add(row);
        return rows;
    }

    private sealed class NoCredentials : AcmCredentialSource
    {
        public override string Name => "None";

        public override AcmCredential? Current => null;

        public override ValueTask<AcmCredential> GetAsync(CancellationToken cancellationToken = default) => throw new AcmException(AcmErrorKind.AuthenticationFailed, "There are none.");
    }
}
