using System.Diagnostics;
using System.Globalization;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>100,000 watched keys of 200 bytes in one shell: what they cost over the session without them.</summary>
internal static class WatchSession
{
    private const int Keys = 100_000;
    private const int ContentSize = 200;
    private const int Changes = 20;
    private const int IdleSeconds = 60;

    /// <summary>Each event writes one line; the figures are lines of their own.</summary>
    private const string Script = """
        param($Endpoint, $Snapshots, [int] $Keys, [int] $Idle)
        $ErrorActionPreference = 'Stop'
        $null = Connect-Acm $Endpoint -Direct -SnapshotPath $Snapshots
        $null = Get-AcmConfig app-00000.txt
        $me = [Diagnostics.Process]::GetCurrentProcess()
        function Get-Megabyte { [GC]::Collect(); $me.Refresh(); $me.WorkingSet64 / 1e6 }
        $before = Get-Megabyte
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $null = Find-AcmConfig | Register-AcmWatcher -SourceIdentifier watched -SupportEvent -Action {
            $global:seen++
            if ($EventArgs.Kind -eq 'Changed') { [Console]::Out.WriteLine("CHANGED $($EventArgs.DataId)") }
        }
        $registered = $clock.Elapsed.TotalMilliseconds
        while ($global:seen -lt $Keys) { Start-Sleep -Milliseconds 20 }
        $told = $clock.Elapsed.TotalMilliseconds
        Start-Sleep -Seconds $Idle
        $memory = (Get-Megabyte) - $before
        $me.Refresh(); $cpu = $me.TotalProcessorTime.TotalMilliseconds
        Start-Sleep -Seconds $Idle
        $me.Refresh(); $idle = ($me.TotalProcessorTime.TotalMilliseconds - $cpu) / ($Idle * 10)
        [Console]::Out.WriteLine([string]::Join(' ', [string[]] ('READY', $registered, $told, $memory, $idle)))
        while ($true) { Start-Sleep -Milliseconds 5 }
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(Keys, ContentSize)).Select(name => new ConfigKey(name))];
        using var folder = new TemporaryFolder();
        string script = Path.Combine(folder.Path, "watch.ps1");
        await File.WriteAllTextAsync(script, Script);
        using Process shell = Process.Start(new ProcessStartInfo(
            "dotnet", [Staged.Shell, "-File", script, server.Uri.Authority, Path.Combine(folder.Path, "snapshots"), Keys.ToString(CultureInfo.InvariantCulture), IdleSeconds.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        string? line;
        do line = await shell.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The shell ended early.");
        while (!line.StartsWith("READY ", StringComparison.Ordinal));
        double[] told = [.. line.Split(' ')[1..].Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

        using AcmClient publisher = server.Connect();
        var seen = new double[Changes];
        for (int i = 0; i < Changes; i++)
        {
            ConfigKey key = keys[i * (Keys / Changes)];
            long start = Stopwatch.GetTimestamp();
            await publisher.PublishAsync(key, FormattableString.Invariant($"{i} {Guid.NewGuid()}"));
            await shell.StandardOutput.ReadLineAsync();
            seen[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(seen);
        shell.Kill();
        await shell.WaitForExitAsync();
        return
        [
            new Figure("shell, 100,000 keys registered and first told", told[1], 30_000, "ms", FormattableString.Invariant($"Register-AcmWatcher itself {told[0] / 1000:0.0} s")),
            new Figure("shell, 100,000 keys, memory over the session", told[2], 300, "MB", "working set after a minute at rest"),
            new Figure("shell, 100,000 keys, idle processor time of a core", told[3], 2, "%", FormattableString.Invariant($"over {IdleSeconds} s")),
            new Figure("shell, 100,000 keys, publish to action, slowest", seen[^1], 500, "ms", FormattableString.Invariant($"{Changes} changes, median {seen[Changes / 2]:0.0} ms; the script looks up every 5 ms")),
        ];
    }
}
