using Acm.Client;
using Acm.Tests.StandIns;
using Acm.Tests.Support;
using Acm.Tests.Watching;

namespace Acm.Tests.Encryption;

public sealed class EncryptedWatchTests : IAsyncLifetime
{
    private EncryptedServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await EncryptedServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("cipher-db.yaml")]
    [InlineData("cipher-kms-aes-128-db.yaml")]
    public async Task A_watcher_is_told_plain_text_and_asks_KMS_once_a_change(string dataId)
    {
        await PublishAsync(dataId, "one");
        using AcmClient client = _server.Client();
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([new ConfigKey(dataId)], log.TakeAsync);

        await log.ExpectAsync(ConfigChangeKind.Initial, dataId, "one");
        await PublishAsync(dataId, "two");
        ConfigChange changed = await log.NextAsync();

        Assert.Equal(("two", "one"), (changed.Content, changed.PreviousContent));
        Assert.NotEqual("two", changed.RawContent);
        Assert.Equal(2, _server.Kms.Calls);
    }

    [Fact]
    public async Task The_same_text_encrypted_anew_says_nothing()
    {
        await PublishAsync("cipher-db.yaml", "one");
        using AcmClient client = _server.Client();
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([new ConfigKey("cipher-db.yaml")], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "cipher-db.yaml", "one");

        await PublishAsync("cipher-db.yaml", "one");
        await Polling.UntilAsync(() => _server.Kms.Calls >= 2);
        await PublishAsync("cipher-db.yaml", "two");

        await log.ExpectAsync(ConfigChangeKind.Changed, "cipher-db.yaml", "two");
        Assert.Equal(2, log.All.Count);
    }

    [Fact]
    public async Task Three_hundred_watched_are_three_hundred_questions_and_a_change_is_one_more()
    {
        ConfigKey[] keys = [.. Enumerable.Range(0, 300).Select(i => new ConfigKey($"cipher-{i:D3}"))];
        foreach (ConfigKey key in keys) await PublishAsync(key.DataId, "value of " + key.DataId);
        using AcmClient client = _server.Client();
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch(keys, log.TakeAsync);
        for (int i = 0; i < keys.Length; i++) await log.NextAsync();

        await PublishAsync("cipher-007", "changed");

        await log.ExpectAsync(ConfigChangeKind.Changed, "cipher-007", "changed");
        Assert.All(log.All.Take(300), change => Assert.Equal("value of " + change.DataId, change.Content));
        Assert.Equal(301, _server.Kms.Calls);
    }

    [Fact]
    public async Task A_change_that_KMS_refused_to_decrypt_is_told_when_it_does()
    {
        await PublishAsync("cipher-db.yaml", "one");
        using AcmClient client = _server.Client();
        var log = new ChangeLog();
        using ConfigWatcher watcher = client.Watch([new ConfigKey("cipher-db.yaml")], log.TakeAsync);
        await log.ExpectAsync(ConfigChangeKind.Initial, "cipher-db.yaml", "one");

        _server.Kms.NextReplies.Enqueue(RpcStandIn.Error(403, "Forbidden.NoPermission"));
        await PublishAsync("cipher-db.yaml", "two");

        await log.ExpectAsync(ConfigChangeKind.Changed, "cipher-db.yaml", "two");
    }

    /// <summary>Publishes like another client.</summary>
    private async Task PublishAsync(string dataId, string text)
    {
        (string content, string? dataKey) = dataId.StartsWith("cipher-kms-aes-", StringComparison.Ordinal) ? PeerCipher.Encrypt(_server.Kms, text, 16) : (_server.Kms.Encrypt(text), null);
        await _server.PublishAsync(dataId, content, dataKey);
    }
}
