namespace Acm.Benchmarks;

/// <summary>
/// <c>Export-AcmConfig</c> of 1,000 configurations of 2 KB into an empty folder and into a zip: from servers with 20 ms of latency, with batch get and without,
/// and from one without latency.
/// </summary>
internal static class ExportConfigs
{
    private const int Count = 1000;
    private const int ContentSize = 2048;
    private const int LatencyMilliseconds = 20;
    private const int Runs = 9;
    private const double SingleBound = 2000;
    private const double BatchBound = 600;
    private const double NearBound = 400;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer far = await BenchmarkServer.StartAsync(LatencyMilliseconds);
        await using BenchmarkServer near = await BenchmarkServer.StartAsync();
        await far.FillAsync(Count, ContentSize);
        await near.FillAsync(Count, ContentSize);
        await using var proxy = new BatchlessProxy(far.Uri, TimeSpan.FromMilliseconds(LatencyMilliseconds));
        using var folder = new TemporaryFolder();
        using var shell = new ModuleRunspace();

        return
        [
            await MeasureAsync("1,000 to a folder, single gets, 20 ms", proxy.Uri, "", SingleBound),
            await MeasureAsync("1,000 to a folder, batch get, 20 ms", far.Uri, "", BatchBound),
            await MeasureAsync("1,000 to a zip, batch get, 20 ms", far.Uri, ".zip", BatchBound),
            await MeasureAsync("1,000 to a folder, no latency", near.Uri, "", NearBound),
            await MeasureAsync("1,000 to a zip, no latency", near.Uri, ".zip", NearBound),
        ];

        async Task<Figure> MeasureAsync(string name, Uri address, string end, double bound)
        {
            var times = new List<double>();
            for (int run = 0; run <= Runs; run++)
            {
                string target = Path.Combine(folder.Path, Guid.NewGuid().ToString("N") + end);

                // A new session each time, without knowledge of the servers.
                shell.Run("$null = Connect-Acm $args[0] -Direct -NoSnapshot", address.Authority);
                object? exported = null;
                times.Add(await Timing.MillisecondsAsync(() => Task.FromResult(exported = shell.Run("(Export-AcmConfig $args[0]).Exported", target))));
                if (exported is not Count) throw new InvalidOperationException($"{Count} configurations were to be exported, not {exported}.");
            }

            return new Figure(name, Timing.Median(times.Skip(1)), bound, "ms", FormattableString.Invariant($"first run {times[0]:0} ms, slowest of the others {times.Skip(1).Max():0} ms"));
        }
    }
}
