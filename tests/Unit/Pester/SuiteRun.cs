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

    private static readonly Lazy<Task<SuiteRun>> OfAll = new(() => OfAsync(SuiteFile.Folder));

    /// <summary>Gets the only run of the repository's suites, which all tests share.</summary>
    public static Task<SuiteRun> All => OfAll.Value;

    /// <summary>Runs a suite, or those of a folder.</summary>
    public static Task<SuiteRun> OfAsync(string path) => RunAsync("-Path", path);

    /// <summary>Runs suites.</summary>
    /// <param name="arguments">The arguments of <c>Invoke-Suites.ps1</c>.</param>
    public static async Task<SuiteRun> RunAsync(params string[] arguments)
    {
        using var files = new TemporaryFiles();
        string results = Path.Combine(files.Path, "results.jsonl");
        ShellResult shell = await PowerShellProcess.RunAsync(
            ["-NonInteractive", Path.Combine(SuiteFile.Folder, "Invoke-Suites.ps1"), .. arguments, "-Pester", Pester, "-ResultPath", results, "-Verbosity", "None"],
            deadline: Deadline);
        string[] lines = File.Exists(results) ? await File.ReadAllLinesAsync(results) : [];
        return new SuiteRun([.. lines.Select(line => JsonSerializer.Deserialize<SuiteResult>(line)!)], shell);
    }

    /// <summary>Fails with everything that these results say: an assertion about a collection would show the beginning of some of it.</summary>
    public static void AssertNone(IEnumerable<SuiteResult> failures)
    {
        string text = string.Join("\n", failures.Select(failure => $"{failure.Suite}:{failure.Line} {failure.Name}: {failure.Outcome}. {failure.Message}"));
        if (text.Length > 0) Assert.Fail(text);
    }
}
