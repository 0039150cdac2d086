using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Acm.Server.Storage;

/// <summary>Reads the number of hard links of a file, for which .NET has no API.</summary>
internal static class LinkCount
{
    private const int BufferSize = 512;

    // statx(2) as a system call, because musl has no function for it before 1.2.5. The call number depends on the architecture.
    private const int EmptyPath = 0x1000;
    private const uint WantLinks = 4;
    private const int LinksInStatx = 16;

    // Offset in struct stat of macOS: device (4 bytes), mode (2), links (2).
    private const int LinksInMacStat = 6;

    // Offset in BY_HANDLE_FILE_INFORMATION.
    private const int LinksInWindowsInformation = 40;

    /// <summary>Returns the number of hard links; 1 if the system does not report it.</summary>
    public static int Of(SafeFileHandle file)
    {
        byte[] buffer = new byte[BufferSize];
        if (OperatingSystem.IsWindows())
            return GetFileInformationByHandle(file, buffer) ? BitConverter.ToInt32(buffer, LinksInWindowsInformation) : 1;

        if (OperatingSystem.IsMacOS())
            return FStat(file, buffer) == 0 ? BitConverter.ToUInt16(buffer, LinksInMacStat) : 1;

        nint number = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 332,
            Architecture.Arm64 => 291,
            _ => -1,
        };
        return number > 0 && Statx(number, file, "", EmptyPath, WantLinks, buffer) == 0 ? BitConverter.ToInt32(buffer, LinksInStatx) : 1;
    }

    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern nint Statx(nint number, SafeFileHandle file, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, nint flags, nuint mask, [Out] byte[] buffer);

    [DllImport("libc", EntryPoint = "fstat", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int FStat(SafeFileHandle file, [Out] byte[] buffer);

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetFileInformationByHandle(SafeFileHandle file, [Out] byte[] buffer);
}
