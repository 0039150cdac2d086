using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Encryption;
using Acm.Tests.Local;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>Transfers of encrypted configurations: equal plaintexts have different ciphertexts, and a ciphertext is transferred with its data key.</summary>
public sealed class EncryptedTransferTests : IAsyncLifetime
{
    private const string Text = "password: p@ss\n用户: 中文😀\n";
    private const string Direct = "cipher-db.yaml";
    private const string Envelope = "cipher-kms-aes-128-db.yaml";

    private EncryptedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EncryptedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(Direct)]
    [InlineData(Envelope)]
    public async Task Plain_text_that_is_equal_is_not_published_again(string dataId)
    {
        using AcmClient client = _server.Client();
        using var folder = new TemporaryFolder();
        await client.PublishAsync(new ConfigKey(dataId), Text, cancellationToken: TestContext.Current.CancellationToken);
        (string before, _) = await _server.StoredAsync(dataId);
        folder.Write(dataId, Text);

        TransferSummary summary = await RunAsync(ConfigSet.OfFolder(folder.Path), client);

        Assert.Equal(DifferenceState.Unchanged, Assert.Single(summary.Items).State);
        Assert.Equal(before, (await _server.StoredAsync(dataId)).Content);
    }

    [Theory]
    [InlineData(Direct)]
    [InlineData(Envelope)]
    public async Task Plain_text_that_differs_is_encrypted_and_published(string dataId)
    {
        using AcmClient client = _server.Client();
        using var folder = new TemporaryFolder();
        await client.PublishAsync(new ConfigKey(dataId), "old", cancellationToken: TestContext.Current.CancellationToken);
        folder.Write(dataId, Text);
        folder.Write("cipher-new", "new 😀");

        TransferSummary summary = await RunAsync(ConfigSet.OfFolder(folder.Path), client);

        Assert.Equal(["Changed Done True", "Added Done True"], summary.Items.OrderBy(item => item.DataId == "cipher-new").Select(item => $"{item.State} {item.Outcome} {item.IsEncrypted}"));
        Assert.DoesNotContain("password", (await _server.StoredAsync(dataId)).Content, StringComparison.Ordinal);
        Assert.Equal(Text, (await client.GetAsync(new ConfigKey(dataId), cancellationToken: TestContext.Current.CancellationToken)).Content);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Cipher_text_is_copied_as_it_is_where_it_is_asked_for_or_nobody_could_decrypt_it(bool hasKms, bool noDecrypt)
    {
        using AcmClient writer = _server.Client();
        await writer.PublishAsync(new ConfigKey(Direct), Text, cancellationToken: TestContext.Current.CancellationToken);
        await writer.PublishAsync(new ConfigKey(Envelope), Text, cancellationToken: TestContext.Current.CancellationToken);
        using AcmClient client = _server.Client(hasKms);
        int calls = _server.Kms.Calls;

        TransferSummary first = await RunAsync(ConfigSet.OfNamespace(client, "a"), client.ForNamespace("copy"), noDecrypt);
        TransferSummary second = await RunAsync(ConfigSet.OfNamespace(client, "a"), client.ForNamespace("copy"), noDecrypt);

        Assert.Equal(2, first.Added);
        Assert.Equal(2, second.Unchanged);
        Assert.Equal(calls, _server.Kms.Calls);
        AcmClient copy = writer.ForNamespace("copy");
        Assert.Equal(Text, (await copy.GetAsync(new ConfigKey(Direct), cancellationToken: TestContext.Current.CancellationToken)).Content);
        Assert.Equal(Text, (await copy.GetAsync(new ConfigKey(Envelope), cancellationToken: TestContext.Current.CancellationToken)).Content);
    }

    [Theory]
    [InlineData(Direct)]
    [InlineData(Envelope)]
    public async Task What_was_exported_as_cipher_text_is_imported_as_cipher_text_with_its_data_key(string dataId)
    {
        using AcmClient client = _server.Client();
        using var folder = new TemporaryFolder();
        await client.PublishAsync(new ConfigKey(dataId), Text, cancellationToken: TestContext.Current.CancellationToken);
        await new ConfigExporter(client, new ExportOptions { NoDecrypt = true }).ToFolderAsync(folder.Path, TestContext.Current.CancellationToken);
        (string, string?) before = await _server.StoredAsync(dataId);
        await client.RemoveAsync(new ConfigKey(dataId), cancellationToken: TestContext.Current.CancellationToken);
        int calls = _server.Kms.Calls;

        TransferSummary summary = await RunAsync(ConfigSet.OfFolder(folder.Path), client);

        Assert.True(summary.IsComplete);
        Assert.Equal(before, await _server.StoredAsync(dataId));
        Assert.Equal(calls, _server.Kms.Calls);
    }

    [Fact]
    public async Task Cipher_text_that_was_edited_is_refused()
    {
        using AcmClient client = _server.Client();
        using var folder = new TemporaryFolder();
        await client.PublishAsync(new ConfigKey(Envelope), Text, cancellationToken: TestContext.Current.CancellationToken);
        await new ConfigExporter(client, new ExportOptions { NoDecrypt = true }).ToFolderAsync(folder.Path, TestContext.Current.CancellationToken);
        folder.Write(Envelope, "edited");

        TransferPlan plan = await TransferPlan.MakeAsync(ConfigSet.OfFolder(folder.Path), ConfigSet.OfNamespace(client, "a"), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("is not the exported cipher text", Assert.Single(plan.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_text_is_never_stored_in_the_clear_under_a_name_that_says_encrypted_and_the_plan_says_so()
    {
        using AcmClient client = _server.Client(kms: false);
        using var folder = new TemporaryFolder();
        await _server.PublishAsync("cipher-clear", "in the clear already");
        await _server.PublishAsync("cipher-old", "old");
        folder.Write(Direct, Text);
        folder.Write("cipher-clear", "in the clear already");
        folder.Write("cipher-old", "secret");
        folder.Write("plain", "1");

        TransferPlan plan = await PlanAsync(ConfigSet.OfFolder(folder.Path), client);
        string[] planned = [.. plan.Items.Select(item => $"{item} {item.State} {item.Outcome} {item.Error?.Kind}".TrimEnd())];
        TransferSummary summary = await Clients.InTime(plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal(
            [
                "DEFAULT_GROUP/cipher-clear Unchanged NothingToDo",
                "DEFAULT_GROUP/cipher-db.yaml Added Failed InvalidContent",
                "DEFAULT_GROUP/cipher-old Changed Failed InvalidContent",
                "DEFAULT_GROUP/plain Added Pending",
            ],
            planned);
        Assert.Contains("has no KMS to encrypt it with", plan.Items[1].Error!.Message, StringComparison.Ordinal);
        Assert.Equal((1, 1, 2), (summary.Added, summary.Unchanged, summary.Failed));
        Assert.Equal(404, (await _server.Server.GetAsync(Direct)).Status);
        Assert.Equal("old", (await _server.StoredAsync("cipher-old")).Content);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_KMS_would_not_take_or_is_no_cipher_text_is_known_to_the_plan(bool noDecrypt)
    {
        using AcmClient client = _server.Client();
        using var folder = new TemporaryFolder();
        folder.Write(Direct, "secret " + new string('x', 6144));
        int calls = _server.Kms.Calls;

        TransferPlan plan = await PlanAsync(ConfigSet.OfFolder(folder.Path), client, noDecrypt);

        Assert.Equal(noDecrypt ? AcmErrorKind.InvalidContent : AcmErrorKind.ContentTooLarge, Assert.Single(plan.Items).Error!.Kind);
        Assert.Equal(calls, _server.Kms.Calls);
    }

    [Fact]
    public async Task With_an_item_that_can_t_be_published_nothing_is_removed()
    {
        using AcmClient client = _server.Client(kms: false);
        using var folder = new TemporaryFolder();
        await _server.PublishAsync("gone", "1");
        folder.Write(Direct, "secret");
        TransferPlan plan = await Clients.InTime(TransferPlan.MakeAsync(ConfigSet.OfFolder(folder.Path), ConfigSet.OfNamespace(client, "target"), new TransferOptions { IncludeRemoved = true }, TestContext.Current.CancellationToken));

        TransferSummary summary = await Clients.InTime(plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal((0, 1, 1), (summary.Removed, summary.Failed, summary.Pending));
        Assert.Equal("1", (await _server.StoredAsync("gone")).Content);
    }

    private static async Task<TransferSummary> RunAsync(ConfigSet source, AcmClient target, bool noDecrypt = false)
    {
        TransferPlan plan = await PlanAsync(source, target, noDecrypt);
        return await Clients.InTime(plan.CarryOutAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    private static async Task<TransferPlan> PlanAsync(ConfigSet source, AcmClient target, bool noDecrypt = false)
    {
        TransferPlan plan = await Clients.InTime(TransferPlan.MakeAsync(source, ConfigSet.OfNamespace(target, "target"), new TransferOptions { NoDecrypt = noDecrypt }, TestContext.Current.CancellationToken));
        Assert.Empty(plan.Problems);
        return plan;
    }
}
