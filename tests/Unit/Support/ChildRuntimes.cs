using System.Runtime.CompilerServices;

namespace Acm.Tests.Support;

/// <summary>
/// The runtime settings of the processes that tests start, shells and servers. They live for seconds, so compiling code again that was called often, with a profile or without, takes a third of their
/// processor time and is not paid back. The runtime waits with it until nothing new was called for 20 seconds, as in the process of the tests (see Shells.targets).
/// </summary>
internal static class ChildRuntimes
{
    [ModuleInitializer]
    internal static void Set()
    {
        Environment.SetEnvironmentVariable("DOTNET_TieredPGO", "0");

        // Milliseconds in hexadecimal.
        Environment.SetEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", "4E20");
    }
}
