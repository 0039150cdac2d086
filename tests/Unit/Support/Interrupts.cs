using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Acm.Tests.Support;

/// <summary>
/// Restores the default handling of SIGINT, which is ignored in background processes of a script or nohup. The shells that the tests interrupt would inherit that, and .NET does not change it.
/// </summary>
internal static class Interrupts
{
    private const int SIGINT = 2;
    private const nint Default = 0;
    private const nint Ignore = 1;

    [ModuleInitializer]
    internal static void Take()
    {
        if (OperatingSystem.IsWindows()) return;

        nint before = Signal(SIGINT, Default);
        if (before != Ignore) _ = Signal(SIGINT, before);
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Signal(int number, nint handler);
}
