using System.Globalization;

namespace Acm.Benchmarks;

/// <summary>
/// <c>Import-AcmConfig</c> of 1,000 configurations of 2 KB from a folder and from a zip, into an empty namespace, and again where nothing has changed: with 20 ms of latency
/// and without.
/// </summary>
internal static class ImportConfigs
{
    private const int Count = 1000;
    private const int ContentSize = 2048;
    private const int LatencyMilliseconds = 20;
    private const int Runs = 7;
    private const double FarBound = 2000;
    private const double NearBound = 400;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer far = await BenchmarkServer.StartAsync(LatencyMilliseconds);
        await using BenchmarkServer near = await BenchmarkServer.StartAsync();
        await near.FillAsync(Count, ContentSize);
        using var folder = new TemporaryFolder();
        using var shell = new ModuleRunspace();
        string files = Path.Combine(folder.Path, "config");
        shell.Run("$null = Connect-Acm $args[0] -Direct -NoSnapshot; $null = Export-AcmConfig $args[1]; $null = Export-AcmConfig \"$($args[1]).zip\"", near.Uri.Authority, files);

        return
        [
            await MeasureAsync("1,000 from a folder, 20 ms", far, files, FarBound, isRepeated: false),
            await MeasureAsync("1,000 from a folder, nothing changed, 20 ms", far, files, NearBound, isRepeated: true),
            await MeasureAsync("1,000 from a folder, no latency", near, files, NearBound, isRepeated: false),
            await MeasureAsync("1,000 from a zip, no latency", near, files + ".zip", NearBound, isRepeated: false),
            await MeasureAsync("1,000 from a folder, nothing changed", near, files, NearBound, isRepeated: true),
        ];

        async Task<Figure> MeasureAsync(string name, BenchmarkServer server, string path, double bound, bool isRepeated)
        {
            var times = new List<double>();
            string @namespace = NewNamespace();
            if (isRepeated) shell.Run("$null = Connect-Acm $args[0] $args[1] -Direct -NoSnapshot; $null = Import-AcmConfig $args[2]", server.Uri.Authority, @namespace, path);
            for (int run = 0; run <= Runs; run++)
            {
                // A new session each time, without knowledge of the servers.
                shell.Run("$null = Connect-Acm $args[0] $args[1] -Direct -NoSnapshot", server.Uri.Authority, isRepeated ? @namespace : NewNamespace());
                object? counted = null;
                string count = isRepeated ? "Unchanged" : "Added";
                times.Add(await Timing.MillisecondsAsync(() => Task.FromResult(counted = shell.Run($"(Import-AcmConfig $args[0]).{count}", path))));
                if (counted is not Count) throw new InvalidOperationException($"{Count} configurations were to be {count.ToLower(CultureInfo.InvariantCulture)}, not {counted}.");
            }

            return new Figure(name, Timing.Median(times.Skip(1)), bound, "ms", FormattableString.Invariant($"first run {times[0]:0} ms, slowest of the others {times.Skip(1).Max():0} ms"));
        }
    }

    private static string NewNamespace() => "import-" + Guid.NewGuid().ToString("N");
}
