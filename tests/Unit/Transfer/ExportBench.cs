using Acm.Client;
using Acm.Client.Transfer;
using Acm.Tests.Local;
using Acm.Tests.Server;
using Acm.Tests.Support;

namespace Acm.Tests.Transfer;

/// <summary>A server, a client and a folder for one test.</summary>
internal sealed class ExportBench : IAsyncDisposable
{
    private readonly RunningServer _server;

    private ExportBench(RunningServer server)
    {
        _server = server;
        Client = Clients.With(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, Namespace = "ns-0001", NoSnapshot = true, AllowUnicodeName = true });
    }

    public TemporaryFolder Folder { get; } = new();

    public AcmClient Client { get; }

    /// <summary>Gets a folder in <see cref="Folder"/> that does not exist initially.</summary>
    public string Target => Path.Combine(Folder.Path, "out");

    public string Zip => Path.Combine(Folder.Path, "out.zip");

    public static async Task<ExportBench> WithAsync(params (string Group, string DataId, string Content)[] configs)
    {
        var bench = new ExportBench(await RunningServer.StartAsync());
        foreach ((string group, string dataId, string content) in configs) await bench.PublishAsync(group, dataId, content);
        return bench;
    }

    public Task PublishAsync(string group, string dataId, string content) => Clients.InTime(Client.PublishAsync(new ConfigKey(dataId, group), content));

    public Task RemoveAsync(string group, string dataId) => Clients.InTime(RemoveAsync(new ConfigKey(dataId, group)));

    public Task<ExportSummary> ExportAsync(ExportObserver? observer = null, bool delete = false, Func<ConfigKey, bool>? filter = null, CancellationToken cancellationToken = default) =>
        Clients.InTime(Exporter(observer, delete, filter).ToFolderAsync(Target, cancellationToken));

    public Task<ExportSummary> ZipAsync(ExportObserver? observer = null, CancellationToken cancellationToken = default) =>
        Clients.InTime(Exporter(observer, delete: false, filter: null).ToZipAsync(Zip, cancellationToken));

    /// <summary>Returns the relative paths of all files in the target, including hidden ones, in order.</summary>
    public string[] Files() => [.. Folder.Files().Where(file => file.StartsWith("out/", StringComparison.Ordinal)).Select(file => file["out/".Length..])];

    public string Read(string path) => File.ReadAllText(Path.Combine(Target, path));

    public string Write(string path, string text) => Folder.Write("out/" + path, text);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        Folder.Dispose();
    }

    private ConfigExporter Exporter(ExportObserver? observer, bool delete, Func<ConfigKey, bool>? filter) =>
        new(Client, new ExportOptions { Observer = observer, Delete = delete, Filter = filter });

    private async Task<bool> RemoveAsync(ConfigKey key)
    {
        await Client.RemoveAsync(key);
        return true;
    }
}
