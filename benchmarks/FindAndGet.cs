namespace Acm.Benchmarks;

/// <summary>Measures <c>Find-AcmConfig | Get-AcmConfig</c> with 1,000 configurations of 2 KB and a server latency of 20 ms; each run has an empty snapshot folder.</summary>
internal static class FindAndGet
{
    private const int Count = 1000;
    private const int ContentSize = 2048;
    private const int LatencyMilliseconds = 20;
    private const int Runs = 9;
    private const double SingleBound = 2000;
    private const double BatchBound = 500;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync(LatencyMilliseconds);
        await server.FillAsync(Count, ContentSize);
        await using var proxy = new BatchlessProxy(server.Uri, TimeSpan.FromMilliseconds(LatencyMilliseconds));
        using var folder = new TemporaryFolder();
        using var shell = new ModuleRunspace();

        return
        [
            await MeasureAsync("1,000 found and read, single gets, 20 ms", proxy.Uri, SingleBound),
            await MeasureAsync("1,000 found and read, batch get, 20 ms", server.Uri, BatchBound),
        ];

        async Task<Figure> MeasureAsync(string name, Uri address, double bound)
        {
            var times = new List<double>();
            for (int run = 0; run <= Runs; run++)
            {
                string snapshots = Path.Combine(folder.Path, Guid.NewGuid().ToString("N"));
                shell.Run("$null = Connect-Acm $args[0] -Direct -SnapshotPath $args[1]", address.Authority, snapshots);
                object? read = null;
                times.Add(await Timing.MillisecondsAsync(() => Task.FromResult(read = shell.Run(
                    "$n = 0; Find-AcmConfig | Get-AcmConfig | ForEach-Object { $n += $_.Content.Length }; $n"))));
                if (read is not Count * ContentSize) throw new InvalidOperationException($"{Count * ContentSize} characters were to be read, not {read}.");
            }

            return new Figure(name, Timing.Median(times.Skip(1)), bound, "ms", FormattableString.Invariant($"first run {times[0]:0} ms, slowest of the others {times.Skip(1).Max():0} ms"));
        }
    }
}
