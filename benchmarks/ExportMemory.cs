using System.Diagnostics;
using System.Globalization;

namespace Acm.Benchmarks;

/// <summary>Measures the peak memory growth of a shell that exports 10,000 configurations of 10 KB to a folder and a zip.</summary>
internal static class ExportMemory
{
    private const int Count = 10_000;
    private const int ContentSize = 10_240;
    private const double BoundMegabytes = 100;

    // Warm up the session, because the first export loads assemblies.
    private const string Script = """
        param($Manifest, $Endpoint, $Target)
        $ErrorActionPreference = 'Stop'
        Import-Module $Manifest
        $null = Connect-Acm $Endpoint -Direct -NoSnapshot
        $null = Export-AcmConfig "$Target.warm" app-0000*
        [GC]::Collect()
        $process = [Diagnostics.Process]::GetCurrentProcess()
        $before = $process.WorkingSet64
        $result = Export-AcmConfig $Target
        $process.Refresh()
        "$before $($process.PeakWorkingSet64) $($result.Exported) $($result.Duration.TotalSeconds)"
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        await server.FillAsync(Count, ContentSize);
        using var folder = new TemporaryFolder();
        return [await MeasureAsync("a folder", "out"), await MeasureAsync("a zip", "out.zip")];

        async Task<Figure> MeasureAsync(string what, string target)
        {
            string script = Path.Combine(folder.Path, target + ".ps1");
            await File.WriteAllTextAsync(script, Script);
            ProcessStartInfo start = Staged.PowerShell(script, Staged.Manifest, server.Uri.Authority, Path.Combine(folder.Path, target));
            start.RedirectStandardOutput = true;
            using Process shell = Process.Start(start)!;
            double[] numbers = [.. (await shell.StandardOutput.ReadToEndAsync()).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            await shell.WaitForExitAsync();
            if (numbers[2] != Count) throw new InvalidOperationException($"{Count} configurations were to be exported, not {numbers[2]}.");

            return new Figure(
                $"10,000 of 10 KB to {what}, memory", (numbers[1] - numbers[0]) / 1e6, BoundMegabytes, "MB", FormattableString.Invariant($"session {numbers[0] / 1e6:0} MB, peak {numbers[1] / 1e6:0} MB, {numbers[3]:0.0} s"));
        }
    }
}
