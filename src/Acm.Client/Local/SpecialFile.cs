#if NET
using System.Runtime.InteropServices;
using System.Text;
#endif

namespace Acm.Client.Local;

/// <summary>
/// Recognizes pipes, sockets and devices without opening them: opening a pipe blocks until another process writes to it, and opening a device may have side effects.
/// </summary>
public static class SpecialFile
{
#if NET
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Directory = 0x4000;

    /// <summary>Buffer size for the runtime's own stat structure (flags, then the mode), which is smaller in all versions.</summary>
    private const int StatusSize = 512;
    private const int ModeAt = 4;

    /// <summary>Returns whether a path is neither a file nor a folder. Only empty files and links need a system call.</summary>
    /// <param name="file">The path.</param>
    public static bool Is(FileInfo file)
    {
        if (file is null) throw new ArgumentNullException(nameof(file));
        if (OperatingSystem.IsWindows() || !file.Exists) return false;

        bool isLink = (file.Attributes & FileAttributes.ReparsePoint) != 0;
        return (isLink || file.Length == 0) && Type(file.FullName) is { } type and not (Regular or Directory);
    }

    private static int? Type(string path)
    {
        byte[] status = new byte[StatusSize];
        try
        {
            return Stat(Encoding.UTF8.GetBytes(path + '\0'), status) == 0 ? MemoryMarshal.Read<int>(status.AsSpan(ModeAt)) & TypeMask : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            // The entry point is internal to the runtime. Without it, such a file is treated as empty and is not opened either.
            return null;
        }
    }

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, [Out] byte[] status);
#else
    /// <summary>Returns false: this framework runs on Windows, where folders contain no such files.</summary>
    /// <param name="file">The path.</param>
    public static bool Is(FileInfo file) => false;
#endif
}
