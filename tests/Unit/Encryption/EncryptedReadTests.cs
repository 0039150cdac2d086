using Acm.Client;
using Acm.Client.Encryption;
using Acm.Tests.Support;

namespace Acm.Tests.Encryption;

public sealed class EncryptedReadTests : IAsyncLifetime
{
    private const string Text = "password: p@ss&w*rd+/=\n用户: 中文😀\n";

    private EncryptedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EncryptedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_direct_one_of_another_client_is_decrypted_once()
    {
        await _server.PublishAsync("cipher-db.yaml", _server.Kms.Encrypt(Text));
        using AcmClient client = _server.Client();

        AcmConfig config = await Clients.InTime(client.GetAsync(new ConfigKey("cipher-db.yaml")));
        await Clients.InTime(client.GetAsync(new ConfigKey("cipher-db.yaml")));

        Assert.Equal(Text, config.Content);
        Assert.NotEqual(Text, config.RawContent);
        Assert.Null(config.Warning);
        Assert.Equal(1, _server.Kms.Count("Decrypt"));
    }

    [Theory]
    [InlineData("cipher-kms-aes-128-db.yaml", 16)]
    [InlineData("cipher-kms-aes-256-db.yaml", 32)]
    public async Task An_envelope_of_the_Java_client_is_decrypted(string dataId, int keyBytes)
    {
        (string content, string dataKey) = PeerCipher.Encrypt(_server.Kms, Text, keyBytes);
        await _server.PublishAsync(dataId, content, dataKey);
        using AcmClient client = _server.Client();

        AcmConfig config = await Clients.InTime(client.GetAsync(new ConfigKey(dataId)));

        Assert.Equal(Text, config.Content);
        Assert.Equal(content, config.RawContent);
        Assert.Equal(dataKey, config.EncryptedDataKey);
    }

    [Theory]
    [InlineData("cipher-kms-aes-128-db.yaml")]
    [InlineData("cipher-kms-aes-256-db.yaml")]
    public async Task The_Python_client_writes_envelopes_without_one_and_they_are_read(string dataId)
    {
        await _server.PublishAsync(dataId, _server.Kms.Encrypt(Text));
        using AcmClient client = _server.Client();

        Assert.Equal(Text, (await Clients.InTime(client.GetAsync(new ConfigKey(dataId)))).Content);
    }

    [Fact]
    public async Task All_kinds_come_decrypted_in_one_batch_and_one_that_fails_stops_no_other()
    {
        (string content, string dataKey) = PeerCipher.Encrypt(_server.Kms, Text, 16);
        await _server.PublishAsync("plain.yaml", "a: 1");
        await _server.PublishAsync("cipher-direct", _server.Kms.Encrypt(Text));
        await _server.PublishAsync("cipher-kms-aes-128-envelope", content, dataKey);
        await _server.PublishAsync("cipher-bad", "this was never encrypted");
        using AcmClient client = _server.Client();
        ConfigKey[] keys = [.. new[] { "plain.yaml", "cipher-direct", "cipher-kms-aes-128-envelope", "cipher-bad", "cipher-missing" }.Select(id => new ConfigKey(id))];

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync(keys));

        Assert.Equal("a: 1", results[0].Config!.Content);
        Assert.Equal(Text, results[1].Config!.Content);
        Assert.Equal(Text, results[2].Config!.Content);
        Assert.Equal(AcmErrorKind.DecryptFailed, results[3].Error!.Kind);
        Assert.Equal(AcmErrorKind.ConfigNotFound, results[4].Error!.Kind);
        Assert.True(client.Capabilities.BatchGet);
    }

    [Fact]
    public async Task Without_KMS_the_content_is_the_cipher_text_and_says_so()
    {
        string blob = _server.Kms.Encrypt(Text);
        await _server.PublishAsync("cipher-db.yaml", blob);
        using AcmClient client = _server.Client(kms: false);

        AcmConfig config = await Clients.InTime(client.GetAsync(new ConfigKey("cipher-db.yaml")));
        IReadOnlyList<ConfigResult> many = await Clients.InTime(client.GetManyAsync([new ConfigKey("cipher-db.yaml"), new ConfigKey("cipher-db.yaml")]));

        Assert.Equal(blob, config.Content);
        Assert.Contains("has no KMS", config.Warning, StringComparison.Ordinal);
        Assert.Contains("has no KMS", many[1].Config!.Warning, StringComparison.Ordinal);
        Assert.Equal(0, _server.Kms.Calls);
    }

    [Fact]
    public async Task Where_no_decryption_is_wanted_the_content_is_the_cipher_text_and_KMS_is_not_asked()
    {
        string blob = _server.Kms.Encrypt(Text);
        await _server.PublishAsync("cipher-db.yaml", blob);
        using AcmClient client = _server.Client();
        var call = new AcmCallOptions { NoDecrypt = true };

        AcmConfig config = await Clients.InTime(client.GetAsync(new ConfigKey("cipher-db.yaml"), call));
        IReadOnlyList<ConfigResult> many = await Clients.InTime(client.GetManyAsync([new ConfigKey("cipher-db.yaml")], call: call));

        Assert.Equal(blob, config.Content);
        Assert.Null(config.Warning);
        Assert.Equal(blob, many[0].Config!.Content);
        Assert.Equal(0, _server.Kms.Calls);
    }

    [Fact]
    public async Task What_does_not_begin_with_the_prefix_is_never_decrypted()
    {
        await _server.PublishAsync("Cipher-db.yaml", _server.Kms.Encrypt(Text));
        using AcmClient client = _server.Client();

        Assert.NotEqual(Text, (await Clients.InTime(client.GetAsync(new ConfigKey("Cipher-db.yaml")))).Content);
        Assert.Equal(0, _server.Kms.Calls);
    }

    [Fact]
    public async Task Fifty_reads_of_one_at_once_are_one_question()
    {
        await _server.PublishAsync("cipher-db.yaml", _server.Kms.Encrypt(Text));
        _server.Kms.Latency = TimeSpan.FromMilliseconds(50);
        using AcmClient client = _server.Client();

        AcmConfig[] configs = await Clients.InTime(Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetAsync(new ConfigKey("cipher-db.yaml")))));

        Assert.All(configs, config => Assert.Equal(Text, config.Content));
        Assert.Equal(1, _server.Kms.Calls);
    }

    [Fact]
    public async Task One_that_stops_waiting_does_not_take_the_answer_from_another()
    {
        await _server.PublishAsync("cipher-db.yaml", _server.Kms.Encrypt(Text));
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Kms.Gate = answering.Task;
        using AcmClient client = _server.Client();
        using var leaving = new CancellationTokenSource();
        Task<AcmConfig> left = client.GetAsync(new ConfigKey("cipher-db.yaml"), cancellationToken: leaving.Token);
        Task<AcmConfig> stays = client.GetAsync(new ConfigKey("cipher-db.yaml"));
        await _server.Kms.Asked.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Clients.InTime(left));
        answering.SetResult();
        Assert.Equal(Text, (await Clients.InTime(stays)).Content);
        Assert.Equal(1, _server.Kms.Calls);
    }

    [Fact]
    public async Task A_thousand_are_a_thousand_questions_the_first_time_and_none_the_second_and_sixteen_at_once_at_most()
    {
        ConfigKey[] keys = [.. Enumerable.Range(0, 1000).Select(i => new ConfigKey($"cipher-{i:D4}"))];
        await Parallel.ForEachAsync(keys, TestContext.Current.CancellationToken, async (key, _) => await _server.PublishAsync(key.DataId, _server.Kms.Encrypt("value of " + key.DataId)));
        _server.Kms.Latency = TimeSpan.FromMilliseconds(10);
        using AcmClient client = _server.Client();

        IReadOnlyList<ConfigResult> first = await Clients.InTime(client.GetManyAsync(keys));
        IReadOnlyList<ConfigResult> second = await Clients.InTime(client.GetManyAsync(keys));

        Assert.All(first.Concat(second), result => Assert.Equal("value of " + result.Key.DataId, result.Config!.Content));
        Assert.Equal(1000, _server.Kms.Calls);
        Assert.InRange(_server.Kms.MostAtOnce, 2, KmsDecryptor.MaxParallel);
    }

    [Fact]
    public async Task A_hundred_envelopes_of_one_data_key_are_one_question()
    {
        (string content, string dataKey) = PeerCipher.Encrypt(_server.Kms, Text, 16);
        ConfigKey[] keys = [.. Enumerable.Range(0, 100).Select(i => new ConfigKey($"cipher-kms-aes-128-{i}"))];
        foreach (ConfigKey key in keys) await _server.PublishAsync(key.DataId, content, dataKey);
        using AcmClient client = _server.Client();

        IReadOnlyList<ConfigResult> results = await Clients.InTime(client.GetManyAsync(keys));

        Assert.All(results, result => Assert.Equal(Text, result.Config!.Content));
        Assert.Equal(1, _server.Kms.Calls);
    }

    [Fact]
    public async Task A_closed_client_answers_no_more()
    {
        await _server.PublishAsync("cipher-db.yaml", _server.Kms.Encrypt(Text));
        AcmClient client = _server.Client();
        AcmConfig config = await Clients.InTime(client.GetAsync(new ConfigKey("cipher-db.yaml")));
        client.Dispose();

        AcmException error = await Clients.FailsAsync(client.GetAsync(config.Key));

        Assert.Equal(AcmErrorKind.NotConnected, error.Kind);
    }
}
