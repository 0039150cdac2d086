using System.Diagnostics;
using System.Reflection;

namespace Acm.Benchmarks;

/// <summary>Where the build has put what is measured.</summary>
internal static class Staged
{
    /// <summary>The folder that holds the module's own folder.</summary>
    public static string ModuleFolder { get; } = Metadata(nameof(ModuleFolder));

    public static string Manifest { get; } = Path.Combine(ModuleFolder, "Acm", "Acm.psd1");

    public static string Server { get; } = Path.Combine(ModuleFolder, "Acm", "server", "Acm.Server.dll");

    /// <summary>Starts PowerShell itself, with what the caller redirects. The modules that the user installed are not seen.</summary>
    public static ProcessStartInfo PowerShell(params IEnumerable<string> arguments) =>
        new("dotnet", [Metadata("PowerShellPath"), "-NoProfile", "-NonInteractive", .. arguments]) { Environment = { ["NO_COLOR"] = "1", ["POWERSHELL_TELEMETRY_OPTOUT"] = "1", ["PSModulePath"] = ModuleFolder, ["XDG_DATA_HOME"] = Path.Combine(Path.GetTempPath(), "acm-benchmarks") } };

    private static string Metadata(string key) =>
        typeof(Staged).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;
}
