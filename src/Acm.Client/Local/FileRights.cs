namespace Acm.Client.Local;

/// <summary>Sets file modes on platforms that support them.</summary>
internal static class FileRights
{
#if NET
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#endif

    /// <summary>Creates a file: for the owner only if it contains secrets, otherwise with the default mode.</summary>
    public static FileStream Create(string path, bool isSecret)
    {
#if NET
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (isSecret && !OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
#else
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);
#endif
    }

    /// <summary>Creates a folder and its missing parents for the owner only.</summary>
    public static void CreateFolder(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            // The framework applies the mode to the last folder only.
            if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent)) CreateFolder(parent);
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }
#endif
        Directory.CreateDirectory(path);
    }

    /// <summary>Applies the mode of an existing file to its replacement.</summary>
    public static void Keep(string existing, string replacement)
    {
#if NET
        if (!OperatingSystem.IsWindows() && File.Exists(existing)) File.SetUnixFileMode(replacement, File.GetUnixFileMode(existing));
#endif
    }

    /// <summary>Removes all access except the owner's.</summary>
    public static void Restrict(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0) File.SetUnixFileMode(path, OwnerOnly);
#endif
    }
}
