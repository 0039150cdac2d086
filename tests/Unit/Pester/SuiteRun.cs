using System.Collections.Concurrent;
using System.Text.Json;
using Acm.Tests.Support;

namespace Acm.Tests.Pester;

/// <summary>A suite's run by the stand-in runner, in an AcmShell of its own. A suite runs once, however many tests ask for it.</summary>
internal sealed record SuiteRun(IReadOnlyList<SuiteResult> Results, ShellResult Shell)
{
    /// <summary>Only a suite that hangs reaches it.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private static readonly string Runner = Path.Combine(SuiteFile.Folder, "Runner", "Invoke-Suite.ps1");

    private static readonly SemaphoreSlim Turns = new(Environment.ProcessorCount);

    private static readonly ConcurrentDictionary<string, Lazy<Task<SuiteRun>>> Runs = new(StringComparer.Ordinal);

    public static Task<SuiteRun> Of(string path) => Runs.GetOrAdd(path, _ => new(() => RunAsync(path))).Value;

    private static async Task<SuiteRun> RunAsync(string path)
    {
        await Turns.WaitAsync();
        try
        {
            using var files = new TemporaryFiles();
            string results = Path.Combine(files.Path, "results.jsonl");
            ShellResult shell = await PowerShellProcess.RunAsync(
                ["-NonInteractive", Runner, "-Path", path, "-ResultPath", results], deadline: Deadline);
            string[] lines = File.Exists(results) ? await File.ReadAllLinesAsync(results) : [];
            return new SuiteRun([.. lines.Select(line => JsonSerializer.Deserialize<SuiteResult>(line)!)], shell);
        }
        finally
        {
            Turns.Release();
        }
    }
}
