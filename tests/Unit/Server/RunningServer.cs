using System.Text.Json;
using Acm.Server;
using Acm.Server.Options;
using Acm.Tests.Support;

namespace Acm.Tests.Server;

/// <summary>A server in the test process, so that a test can control its clock. Requests use real sockets.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);

    private readonly ServerHost _host;

    private RunningServer(ServerHost host) => _host = host;

    public Uri Uri => Uris[0];

    public IReadOnlyList<Uri> Uris => [.. _host.Addresses.Select(address => new Uri(address))];

    /// <summary>Gets the gRPC address.</summary>
    public Uri GrpcUri => new(_host.GrpcAddresses.First());

    /// <summary>Gets whether there is a gRPC port.</summary>
    public bool HasGrpc => _host.GrpcAddresses.Count > 0;

    /// <summary>Starts a server, whose passwords are hashed with few iterations: a test that logs in many times is not about their cost.</summary>
    public static async Task<RunningServer> StartAsync(Func<ServerOptions, ServerOptions>? change = null, TimeProvider? clock = null)
    {
        var options = new ServerOptions { Addresses = [ListenAddress.Parse("http://127.0.0.1:0")], PasswordIterations = 10 };
        var host = new ServerHost(change?.Invoke(options) ?? options, clock ?? TimeProvider.System);
        await host.StartAsync(CancellationToken.None);
        return new RunningServer(host);
    }

    /// <summary>Starts a server with options of the command line, on a free port.</summary>
    public static Task<RunningServer> StartWithAsync(params string[] arguments) => StartWithAsync(static options => options, arguments);

    /// <summary>Starts a server with options of the command line and others, on a free port.</summary>
    public static Task<RunningServer> StartWithAsync(Func<ServerOptions, ServerOptions> change, params string[] arguments) => StartAsync(options => change(
        OptionsReader.Read(["--urls", "http://127.0.0.1:0", .. arguments], new Dictionary<string, string>(), Path.GetTempPath(), () => throw new InvalidOperationException("Standard input was opened."))
        with { PasswordIterations = options.PasswordIterations }));

    public Task<RawResponse> GetAsync(string dataId, string tenant = "ns-0001") =>
        RawHttp.GetAsync(Uri, $"/diamond-server/config.co?dataId={dataId}&group=DEFAULT_GROUP&tenant={tenant}");

    public Task<RawResponse> PublishAsync(string dataId, string encodedContent, string more = "", string tenant = "ns-0001") =>
        RawHttp.PostAsync(
            Uri,
            "/diamond-server/basestone.do?method=syncUpdateAll",
            $"dataId={dataId}&group=DEFAULT_GROUP&content={encodedContent}&tenant={tenant}{more}");

    public Task<RawResponse> RemoveAsync(string dataId) =>
        RawHttp.PostAsync(Uri, "/diamond-server/datum.do?method=deleteAllDatums", $"dataId={dataId}&group=DEFAULT_GROUP&tenant=ns-0001");

    /// <summary>Sends a poll and returns when the server has registered it.</summary>
    public async Task<RawHttp> HangAsync(string encodedProbe, int asPollNumber = 1, int timeout = 30_000)
    {
        RawHttp connection = await RawHttp.ConnectAsync(Uri);
        await connection.WriteAsync($"POST /diamond-server/config.co HTTP/1.1\nLongpullingtimeout: {timeout}", "Probe-Modify-Request=" + encodedProbe);
        await WaitForHangingPollsAsync(asPollNumber);
        return connection;
    }

    /// <summary>Counts failed logins of this machine without the time of hashing passwords.</summary>
    public void AddFailedLogins(int count)
    {
        for (int i = 0; i < count; i++) _host.Logins.TryEnter("127.0.0.1");
    }

    /// <summary>Prunes the history immediately.</summary>
    public void PruneHistory() => _host.PruneHistory();

    /// <summary>Waits until this number of polls is held.</summary>
    public async Task WaitForHangingPollsAsync(int count)
    {
        while (_host.WatchPolls() is var (held, change) && held != count) await change.WaitAsync(Clients.Deadline, TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until this number of connections listens to keys.</summary>
    public Task WaitForListenersAsync(int count) => Polling.UntilAsync(() => _host.GrpcListeners == count);

    /// <summary>Waits until request bodies use this number of bytes.</summary>
    public Task WaitForBodiesAsync(Func<long, bool> isAwaited) => Polling.UntilAsync(() => isAwaited(_host.HeldBodyBytes));

    /// <summary>Waits until the health check reports this number of held polls.</summary>
    public static async Task WaitForHangingPollsAsync(Uri server, int count)
    {
        using RawHttp connection = await RawHttp.ConnectAsync(server);
        await WaitForHangingPollsAsync(connection, count);
    }

    /// <summary>Waits until the health check reports this number of held polls, with the given client.</summary>
    public static async Task WaitForHangingPollsAsync(RawHttp connection, int count)
    {
        using var deadline = new CancellationTokenSource(Clients.Deadline);
        while (true)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await connection.WriteAsync("GET /health HTTP/1.1");
            RawResponse health = await connection.ReadAsync();
            using var document = JsonDocument.Parse(health.Body);
            if (document.RootElement.GetProperty("hangingPolls").GetInt32() == count) return;

            await Task.Delay(BetweenLooks, deadline.Token);
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
