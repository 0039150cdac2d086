using System.Runtime.InteropServices;

namespace Acm.Server.Limits;

/// <summary>How many files and sockets the system lets this process open.</summary>
internal static class DescriptorLimit
{
    private const int LinuxOpenFiles = 7;
    private const int MacOpenFiles = 8;

    /// <summary>The soft limit, which the .NET runtime raises to the hard one as it starts. Null on Windows, which sets none.</summary>
    public static long? Read()
    {
        if (OperatingSystem.IsWindows()) return null;

        int resource = OperatingSystem.IsMacOS() ? MacOpenFiles : LinuxOpenFiles;
        return GetResourceLimit(resource, out ResourceLimit limit) == 0 ? (long)Math.Min(limit.Current, long.MaxValue) : null;
    }

    [DllImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int GetResourceLimit(int resource, out ResourceLimit limit);

    /// <summary>As <c>struct rlimit</c> of the 64-bit systems this server ships for.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Current;
        public ulong Maximum;
    }
}
