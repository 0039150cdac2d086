using System.Runtime.InteropServices;

namespace Acm.Server.Limits;

/// <summary>Reads the maximum number of open files and sockets of this process.</summary>
internal static class DescriptorLimit
{
    private const int LinuxOpenFiles = 7;
    private const int MacOpenFiles = 8;

    /// <summary>Returns the soft limit, which the .NET runtime raises to the hard limit at startup; null on Windows, which has none.</summary>
    public static long? Read()
    {
        if (OperatingSystem.IsWindows()) return null;

        int resource = OperatingSystem.IsMacOS() ? MacOpenFiles : LinuxOpenFiles;
        return GetResourceLimit(resource, out ResourceLimit limit) == 0 ? (long)Math.Min(limit.Current, long.MaxValue) : null;
    }

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int GetResourceLimit(int resource, out ResourceLimit limit);

    /// <summary><c>struct rlimit</c> of the supported 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Current;
        public ulong Maximum;
    }
}
