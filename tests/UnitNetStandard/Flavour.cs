using System.Runtime.CompilerServices;

namespace Acm.Tests;

internal static class Flavour
{
    /// <summary>Before the first import: the module's loader then takes the flavour of Windows PowerShell.</summary>
    [ModuleInitializer]
    internal static void Choose() => Environment.SetEnvironmentVariable("ACM_FLAVOUR", "netstandard2.0");
}
