using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Server;

namespace Acm.Tests.Transfer;

/// <summary>A server with clients for the tests of transfers.</summary>
internal sealed class TransferNamespace : IAsyncDisposable
{
    private readonly RunningServer _server;

    private TransferNamespace(RunningServer server)
    {
        _server = server;
        Client = NewClient("ns-0001");
    }

    public AcmClient Client { get; }

    public Uri Uri => _server.Uri;

    public static async Task<TransferNamespace> StartAsync() => new(await RunningServer.StartAsync());

    public AcmClient NewClient(string @namespace, Func<AcmClientOptions, AcmClientOptions>? change = null)
    {
        var options = new AcmClientOptions { Endpoint = _server.Uri.Authority, Direct = true, Namespace = @namespace, NoSnapshot = true };
        return new AcmClient(change?.Invoke(options) ?? options);
    }

    public ConfigSet Set(AcmClient? client = null) => ConfigSet.OfNamespace(client ?? Client, (client ?? Client).Namespace);

    public async Task PublishAsync(params (string Key, string Content)[] configs)
    {
        foreach ((string key, string content) in configs) await Client.PublishAsync(Key(key), content, cancellationToken: TestContext.Current.CancellationToken);
    }

    /// <summary>Returns all configurations as <c>group/dataId=content</c> in ordinal order.</summary>
    public async Task<string[]> ContentsAsync(AcmClient? client = null)
    {
        client ??= Client;
        var keys = new List<ConfigKey>();
        await foreach (ConfigItem item in client.ListAsync(cancellationToken: TestContext.Current.CancellationToken)) keys.Add(item.Key);
        IReadOnlyList<ConfigResult> read = await client.GetManyAsync(keys, cancellationToken: TestContext.Current.CancellationToken);
        return [.. read.Select(result => $"{result.Key}={result.Config!.Content}".Replace("DEFAULT_GROUP/", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }

    /// <summary>Returns the key for <c>dataId</c> or <c>group/dataId</c>.</summary>
    public static ConfigKey Key(string text) => text.Split('/') is [var group, var dataId] ? new ConfigKey(dataId, group) : new ConfigKey(text);
}
