using System.Reflection;
using System.Text.Json;
using Acm.Tests.Support;

namespace Acm.Tests.Pester;

/// <summary>A run of suites by Pester in a PowerShell process.</summary>
internal sealed record SuiteRun(IReadOnlyList<SuiteResult> Results, ShellResult Shell)
{
    /// <summary>The time limit, which only hanging suites reach.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(12);

    /// <summary>Gets the manifest of Pester in its package. Each test project has another version.</summary>
    private static readonly string Pester = typeof(SuiteRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "PesterModule").Value!;

    private static readonly string Script = Path.Combine(SuiteFile.Folder, "Invoke-Suites.ps1");

    private static readonly string Servers = typeof(SuiteRun).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "PesterServers").Value!;

    private static readonly Lazy<Task<SuiteRun>> OfAll = new(() => RunAsync("-Server", Servers));

    /// <summary>Gets the only run of the repository's suites, on each server that the test project names, which all tests share.</summary>
    public static Task<SuiteRun> All => OfAll.Value;

    /// <summary>Gets the results of one server.</summary>
    /// <param name="nacos">The generation of Nacos; null for ACM.</param>
    public IEnumerable<SuiteResult> On(string? nacos) => Results.Where(result => result.Nacos == nacos);

    /// <summary>Runs the suites of folders, one folder after the other in the same process.</summary>
    /// <returns>A run for each folder, with the exit code of its script.</returns>
    public static async Task<SuiteRun[]> OfEachAsync(params string[] folders)
    {
        using var files = new TemporaryFiles();
        string[] results = [.. folders.Select((_, i) => Path.Combine(files.Path, $"{i}.jsonl"))];
        IEnumerable<string> runs = folders.Select((folder, i) => $"& '{Script}' -Path '{folder}' -Pester '{Pester}' -ResultPath '{results[i]}' -Verbosity None 3> $null 6> $null; $LASTEXITCODE");
        ShellResult shell = await PowerShellProcess.RunAsync(["-NonInteractive", "-Command", string.Join("; ", runs)]);
        int[] codes = [.. shell.Output.Split('\n').Select(int.Parse)];
        return [.. folders.Select((_, i) => new SuiteRun(Read(results[i]), shell with { ExitCode = codes[i] }))];
    }

    private static async Task<SuiteRun> RunAsync(params string[] arguments)
    {
        using var files = new TemporaryFiles();
        string results = Path.Combine(files.Path, "results.jsonl");
        ShellResult shell = await PowerShellProcess.RunAsync(["-NonInteractive", Script, .. arguments, "-Pester", Pester, "-ResultPath", results, "-Verbosity", "None"], deadline: Deadline);
        return new SuiteRun(Read(results), shell);
    }

    private static SuiteResult[] Read(string path) => File.Exists(path) ? [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<SuiteResult>(line)!)] : [];

    /// <summary>Fails with everything that these results say: an assertion about a collection would show the beginning of some of it.</summary>
    public static void AssertNone(IEnumerable<SuiteResult> failures)
    {
        string text = string.Join("\n", failures.Select(failure => $"{failure.Suite}:{failure.Line} {failure.Name}: {failure.Outcome}. {failure.Message}"));
        if (text.Length > 0) Assert.Fail(text);
    }
}
