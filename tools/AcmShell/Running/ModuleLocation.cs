using System.Reflection;

namespace AcmShell.Running;

/// <summary>The folder that holds the staged module's own folder, <c>Acm/</c>.</summary>
internal static class ModuleLocation
{
    private const string Variable = "ACM_MODULE_PATH";

    public static string Folder { get; } = Path.GetFullPath(
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : Path.Combine(AppContext.BaseDirectory, FromBuild()));

    public static string Manifest { get; } = Path.Combine(Folder, "Acm", "Acm.psd1");

    /// <summary>Relative to the shell, so that a build moved elsewhere as a whole still finds its module.</summary>
    private static string FromBuild() => typeof(ModuleLocation).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(a => a.Key == "AcmModuleFolder").Value!;
}
