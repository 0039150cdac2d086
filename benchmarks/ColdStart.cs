using System.Diagnostics;

namespace Acm.Benchmarks;

/// <summary>Measures the time from the start of PowerShell to the first value of a configuration, compared with a PowerShell that writes a text, with alternating processes.</summary>
internal static class ColdStart
{
    private const int Rounds = 21;
    private const double Bound = 300;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        string name = (await server.FillAsync(1, 2048))[0];
        using var folder = new TemporaryFolder();
        Func<Task>[] contestants =
        [
            () => FirstLineAsync("'text'", Path.Combine(folder.Path, "text-cache")),
            () => FirstLineAsync($"$null = Connect-Acm '{server.Uri.Authority}' -Direct -SnapshotPath '{folder.Path}/snapshot'; Get-AcmConfig '{name}' -Raw", Path.Combine(folder.Path, "value-cache")),
        ];

        await Timing.InterleaveAsync(rounds: 2, contestants);
        double[][] times = await Timing.InterleaveAsync(Rounds, contestants);

        double added = Timing.Median(times[1].Zip(times[0], (value, bare) => value - bare));
        return
        [
            new Figure("Start of pwsh to a first value, over a text", added, Bound, "ms", FormattableString.Invariant($"value after {Timing.Median(times[1]):0} ms, text after {Timing.Median(times[0]):0} ms")),
        ];
    }

    // A separate cache for each, as in ImportModule.
    private static async Task FirstLineAsync(string command, string cache)
    {
        ProcessStartInfo start = Staged.PowerShell("-Command", command);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.Environment["XDG_CACHE_HOME"] = cache;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        if (await process.StandardOutput.ReadLineAsync() is not { Length: > 0 }) throw new InvalidOperationException("The shell wrote nothing.");

        // The shell's shutdown is not measured, but would disturb the next run.
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }
}
