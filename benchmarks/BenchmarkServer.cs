using System.Diagnostics;
using System.Globalization;
using System.Text;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>The staged server as a process of its own, with its data in memory, on a free port of loopback.</summary>
internal sealed class BenchmarkServer : IAsyncDisposable
{
    private const int WritesAtOnce = 64;

    private readonly Process _process;

    private BenchmarkServer(Process process, Uri address)
    {
        _process = process;
        Uri = address;
    }

    public Uri Uri { get; }

    public static async Task<BenchmarkServer> StartAsync(int latencyMilliseconds = 0)
    {
        Process process = Process.Start(new ProcessStartInfo("dotnet", [
            Staged.Server, "--in-memory", "--urls", "http://127.0.0.1:0", "--stop-on-stdin-close",
            "--latency-ms", latencyMilliseconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        return new BenchmarkServer(process, new Uri(line[(line.LastIndexOf(' ') + 1)..]));
    }

    /// <summary>Where a plain client reads a configuration of the default group.</summary>
    public Uri UriOf(string dataId) => new(Uri, $"/diamond-server/config.co?dataId={dataId}&group={ConfigKey.DefaultGroup}");

    /// <summary>Publishes configurations <c>app-00000.txt</c> and so on.</summary>
    /// <returns>The data ids.</returns>
    public async Task<string[]> FillAsync(int count, int size)
    {
        using var client = new AcmClient(new AcmClientOptions { Endpoint = Uri.Authority, Direct = true });
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
