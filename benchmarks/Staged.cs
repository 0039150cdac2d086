using System.Diagnostics;
using System.Reflection;

namespace Acm.Benchmarks;

/// <summary>The staged module and server.</summary>
internal static class Staged
{
    /// <summary>Gets the parent of the module's folder.</summary>
    public static string ModuleFolder { get; } = Metadata(nameof(ModuleFolder));

    public static string Manifest { get; } = Path.Combine(ModuleFolder, "Acm", "Acm.psd1");

    public static string Server { get; } = Path.Combine(ModuleFolder, "Acm", "server", "Acm.Server.dll");

    /// <summary>Starts PowerShell with the caller's redirections, and without the user's modules.</summary>
    public static ProcessStartInfo PowerShell(params IEnumerable<string> arguments) =>
        new("dotnet", [Metadata("PowerShellPath"), "-NoProfile", "-NonInteractive", .. arguments]) { Environment = { ["NO_COLOR"] = "1", ["POWERSHELL_TELEMETRY_OPTOUT"] = "1", ["PSModulePath"] = ModuleFolder, ["XDG_DATA_HOME"] = Path.Combine(Path.GetTempPath(), "acm-benchmarks") } };

    private static string Metadata(string key) =>
        typeof(Staged).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
