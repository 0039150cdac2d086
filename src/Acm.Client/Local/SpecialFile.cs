#if NET
using System.Runtime.InteropServices;
using System.Text;
#endif

namespace Acm.Client.Local;

/// <summary>
/// Tells pipes, sockets and devices from files without opening them: opening a pipe waits for somebody who writes to it, for ever where nobody does, and opening a device may do anything.
/// </summary>
public static class SpecialFile
{
#if NET
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Directory = 0x4000;

    /// <summary>What the runtime's own shim writes: flags, then the mode. It is less than this, in every version.</summary>
    private const int StatusSize = 512;
    private const int ModeAt = 4;

    /// <summary>Whether a path leads to something that is neither a file nor a folder. A file that has a length is a file; only for others the system is asked.</summary>
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
            // The shim is the runtime's own matter. Without it such a file is taken for an empty one, which is never opened either.
            return null;
        }
    }

    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, [Out] byte[] status);
#else
    /// <summary>This framework runs on Windows, where no folder holds any.</summary>
    /// <param name="file">The path.</param>
    public static bool Is(FileInfo file) => false;
#endif
}
