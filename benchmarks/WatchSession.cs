using System.Diagnostics;
using System.Globalization;
using Acm.Client;

namespace Acm.Benchmarks;

/// <summary>Measures the cost of 100,000 watched keys of 200 bytes in a shell, compared with a session without them.</summary>
internal static class WatchSession
{
    private const int Keys = 100_000;
    private const int ContentSize = 200;
    private const int Changes = 20;
    private const int IdleSeconds = 40;

    /// <summary>The script, which writes a line of figures, and then a line for each event.</summary>
    private const string Script = """
        param($Endpoint, $Snapshots, [int] $Keys, [int] $Idle)
        $ErrorActionPreference = 'Stop'
        $null = Connect-Acm $Endpoint -Direct -SnapshotPath $Snapshots
        $null = Get-AcmConfig app-00000.txt
        $me = [Diagnostics.Process]::GetCurrentProcess()
        function Get-Megabyte { [GC]::Collect(); $me.Refresh(); $me.WorkingSet64 / 1e6 }
        $before = Get-Megabyte
        $clock = [Diagnostics.Stopwatch]::StartNew()
        # Without the events of the start: PowerShell lets a queue of a hundred thousand be worked off slowly, and that is not what is measured.
        Find-AcmConfig | Register-AcmWatcher -SourceIdentifier watched -NoInitial
        $registered = $clock.Elapsed.TotalMilliseconds
        # At rest is after the snapshots are written: a value and what belongs to it each.
        while ([IO.Directory]::GetFiles($Snapshots, '*', 'AllDirectories').Length -lt 2 * $Keys) { Start-Sleep -Seconds 2 }
        Start-Sleep -Seconds 5
        $memory = (Get-Megabyte) - $before
        $me.Refresh(); $cpu = $me.TotalProcessorTime.TotalMilliseconds
        Start-Sleep -Seconds $Idle
        $me.Refresh(); $idle = ($me.TotalProcessorTime.TotalMilliseconds - $cpu) / ($Idle * 10)
        [Console]::Out.WriteLine([string]::Join(' ', [string[]] ('READY', $registered, $memory, $idle)))
        while ($true) {
            $e = Wait-Event -SourceIdentifier watched
            [Console]::Out.WriteLine("CHANGED $($e.SourceEventArgs.DataId)")
            $e | Remove-Event
        }
        """;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using BenchmarkServer server = await BenchmarkServer.StartAsync();
        ConfigKey[] keys = [.. (await server.FillAsync(Keys, ContentSize)).Select(name => new ConfigKey(name))];
        using var folder = new TemporaryFolder();
        string script = Path.Combine(folder.Path, "watch.ps1");
        await File.WriteAllTextAsync(script, Script);
        ProcessStartInfo run = Staged.PowerShell(
            "-File", script, server.Uri.Authority, Path.Combine(folder.Path, "snapshots"), Keys.ToString(CultureInfo.InvariantCulture), IdleSeconds.ToString(CultureInfo.InvariantCulture));
        run.RedirectStandardInput = true;
        run.RedirectStandardOutput = true;
        using Process shell = Process.Start(run)!;
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
            new Figure("shell, 100,000 keys listed and registered", told[0], 30_000, "ms", "until each was looked at once"),
            new Figure("shell, 100,000 keys, memory over the session", told[1], 300, "MB", "working set once the snapshots are written"),
            new Figure("shell, 100,000 keys, idle processor time of a core", told[2], 2, "%", FormattableString.Invariant($"over {IdleSeconds} s")),
            new Figure("shell, 100,000 keys, publish to event, slowest", seen[^1], 500, "ms", FormattableString.Invariant($"{Changes} changes, median {seen[Changes / 2]:0.0} ms")),
        ];
    }
}
