using System.Diagnostics;
using System.Globalization;
using System.Text;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>The staged server as a separate process, with its data in memory, on a free loopback port.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private const int WritesAtOnce = 64;
    private const int GrpcOffset = 1000;

    private readonly string[] _arguments;
    private Process _process = null!;

    private BenchmarkServer(string[] arguments)
    {
        _arguments = arguments;
    }

    public Uri Uri { get; private set; } = new("http://127.0.0.1:0");

    public static Task<BenchmarkServer> StartAsync(int latencyMilliseconds) => StartAsync("--latency-ms", latencyMilliseconds.ToString(CultureInfo.InvariantCulture));

    public static async Task<BenchmarkServer> StartAsync(params string[] arguments)
    {
        var server = new BenchmarkServer(["--in-memory", .. arguments]);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Creates a server with a data file, so that it can be killed and restarted.</summary>
    public static async Task<BenchmarkServer> StartOnFileAsync(string dataFile, params string[] arguments)
    {
        var server = new BenchmarkServer(["--data", dataFile, .. arguments]);
        await server.RestartAsync();
        return server;
    }

    /// <summary>Gets the gRPC address.</summary>
    public Uri GrpcUri => new UriBuilder(Uri) { Port = Uri.Port + GrpcOffset }.Uri;

    /// <summary>Gets the processor time since the start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Gets the resident memory in bytes.</summary>
    public double MemoryMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1_000_000.0;
        }
    }

    /// <summary>Kills the process.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Starts the server; restarts use the same address.</summary>
    public async Task RestartAsync()
    {
        _process = Process.Start(new ProcessStartInfo("dotnet", [Staged.Server, "--urls", Uri.GetLeftPart(UriPartial.Authority), "--stop-on-stdin-close", .. _arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        Uri = new Uri(line[(line.LastIndexOf(' ') + 1)..]);
    }

    /// <summary>Returns a client of this server.</summary>
    public AcmClient Connect(string? snapshotPath = null, string? failoverPath = null) =>
        new(new AcmClientOptions { Endpoint = Uri.Authority, Direct = true, SnapshotPath = snapshotPath, FailoverPath = failoverPath });

    /// <summary>Returns a Nacos client of this server, which can use push.</summary>
    public AcmClient ConnectNacos() => new(new AcmClientOptions { Endpoint = Uri.Authority, Direct = true, ServerType = AcmServerType.Nacos, NoSnapshot = true });

    /// <summary>Returns the URL of a configuration in the default group.</summary>
    public Uri UriOf(string dataId) => new(Uri, $"/diamond-server/config.co?dataId={dataId}&group={ConfigKey.DefaultGroup}");

    /// <summary>Publishes configurations <c>app-00000.txt</c> and so on.</summary>
    /// <returns>The data ids.</returns>
    public async Task<string[]> FillAsync(int count, int size)
    {
        using AcmClient client = Connect();
        string[] names = [.. Enumerable.Range(0, count).Select(i => string.Format(CultureInfo.InvariantCulture, "app-{0:00000}.txt", i))];
        await Parallel.ForEachAsync(
            names,
            new ParallelOptions { MaxDegreeOfParallelism = WritesAtOnce },
            async (name, cancellationToken) => await client.PublishAsync(new ConfigKey(name), Content(name, size), cancellationToken: cancellationToken));
        return names;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Content(string name, int size)
    {
        var text = new StringBuilder(size);
        while (text.Length < size) text.Append(name).Append('=').Append(text.Length).Append('\n');
        return text.ToString(0, size);
    }
}
