using System.Runtime.CompilerServices;

namespace Acm.Tests;

internal static class Flavour
{
    /// <summary>Runs before the first import, and makes the module's loader select the assemblies for Windows PowerShell.</summary>
    [ModuleInitializer]
    internal static void Choose() => Environment.SetEnvironmentVariable("ACM_FLAVOUR", "/../Desktop");
}
