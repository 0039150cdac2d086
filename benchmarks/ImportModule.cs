using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;

namespace Acm.Benchmarks;

/// <summary>Measures the time for importing the module, compared with an empty binary module, with alternating processes.</summary>
internal static class ImportModule
{
    private const int Rounds = 31;
    private const double Bound = 40;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        using var folder = new TemporaryFolder();
        string empty = Path.Combine(folder.Path, "empty");
        WriteEmptyModule(Path.Combine(empty, "Acm"));
        Func<Task>[] contestants = [() => ShellAsync(empty, Path.Combine(folder.Path, "empty-cache")), () => ShellAsync(Staged.ModuleFolder, Path.Combine(folder.Path, "full-cache"))];

        await Timing.InterleaveAsync(rounds: 2, contestants);
        double[][] times = await Timing.InterleaveAsync(Rounds, contestants);

        double added = Timing.Median(times[1].Zip(times[0], (full, bare) => full - bare));
        return
        [
            new Figure("Import-Module, over an empty binary module", added, Bound, "ms", FormattableString.Invariant($"process {Timing.Median(times[1]):0} ms, with the empty one {Timing.Median(times[0]):0} ms")),
        ];
    }

    // PowerShell records the methods that a start compiles, and compiles them ahead in the next start. Each needs its own cache, or it would use the record of the other.
    private static async Task ShellAsync(string moduleFolder, string cache)
    {
        ProcessStartInfo start = Staged.PowerShell("-Command", $"Import-Module '{moduleFolder}/Acm'; exit 0");
        start.RedirectStandardInput = true;
        start.Environment["XDG_CACHE_HOME"] = cache;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The shell ended with {process.ExitCode}.");
    }

    // A manifest and an assembly with a type, without exports.
    private static void WriteEmptyModule(string folder)
    {
        Directory.CreateDirectory(folder);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName("Empty"), typeof(object).Assembly);
        assembly.DefineDynamicModule("Empty").DefineType("Empty", TypeAttributes.Public).CreateType();
        assembly.Save(Path.Combine(folder, "Empty.dll"));
        File.WriteAllText(Path.Combine(folder, "Acm.psd1"), """
            @{
                RootModule = 'Empty.dll'
                ModuleVersion = '1.0'
                FunctionsToExport = @()
                CmdletsToExport = @()
                VariablesToExport = @()
                AliasesToExport = @()
            }
            """);
    }
}
