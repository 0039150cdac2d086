using System.Diagnostics;
using System.Globalization;
using Acm.Client;
using Acm.Client.Transfer;

namespace Acm.Benchmarks;

/// <summary>Measures the peak memory growth of a shell that imports 10,000 configurations of 10 KB from a folder and a zip.</summary>
internal static class ImportMemory
{
    private const int Count = 10_000;
    private const int ContentSize = 10_240;
    private const double BoundMegabytes = 100;

    // Warm up the session, because the first import loads assemblies.
    private const string Script = """
        param($Manifest, $Endpoint, $Namespace, $Source)
        $ErrorActionPreference = 'Stop'
        Import-Module $Manifest
        $null = Connect-Acm $Endpoint warm -Direct -NoSnapshot
        $null = Import-AcmConfig $Source app-0000*
        $null = Connect-Acm $Endpoint $Namespace -Direct -NoSnapshot
        [GC]::Collect()
        $process = [Diagnostics.Process]::GetCurrentProcess()
        $before = $process.WorkingSet64
        $result = Import-AcmConfig $Source
        $process.Refresh()
        "$before $($process.PeakWorkingSet64) $($result.Added) $($result.Duration.TotalSeconds)"
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        await server.FillAsync(Count, ContentSize);
        using var folder = new TemporaryFolder();
        string files = Path.Combine(folder.Path, "config");
        using (var client = new AcmClient(new AcmClientOptions { Endpoint = server.Uri.Authority, Direct = true, NoSnapshot = true }))
        {
            await new ConfigExporter(client).ToFolderAsync(files);
            await new ConfigExporter(client).ToZipAsync(files + ".zip");
        }

        return [await MeasureAsync("a folder", "from-folder", files), await MeasureAsync("a zip", "from-zip", files + ".zip")];

        async Task<Figure> MeasureAsync(string what, string @namespace, string source)
        {
            string script = Path.Combine(folder.Path, @namespace + ".ps1");
            await File.WriteAllTextAsync(script, Script);
            ProcessStartInfo start = Staged.PowerShell(script, Staged.Manifest, server.Uri.Authority, @namespace, source);
            start.RedirectStandardOutput = true;
            using Process shell = Process.Start(start)!;
            double[] numbers = [.. (await shell.StandardOutput.ReadToEndAsync()).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
            await shell.WaitForExitAsync();
            if (numbers[2] != Count) throw new InvalidOperationException($"{Count} configurations were to be imported, not {numbers[2]}.");

            return new Figure(
                $"10,000 of 10 KB from {what}, memory", (numbers[1] - numbers[0]) / 1e6, BoundMegabytes, "MB", FormattableString.Invariant($"session {numbers[0] / 1e6:0} MB, peak {numbers[1] / 1e6:0} MB, {numbers[3]:0.0} s"));
        }
    }
}
