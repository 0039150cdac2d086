namespace Acm.Client.Local;

/// <summary>Who may read what is written, where the platform can say so.</summary>
internal static class FileRights
{
#if NET
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
#endif

    /// <summary>Creates a file: for its owner only where it holds secrets, else with the rights that every new file gets.</summary>
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

    /// <summary>Creates a folder and those above it that are missing, for their owner only.</summary>
    public static void CreateFolder(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            // The framework gives the mode to the last folder only, and the default one to those that it creates above it.
            if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent)) CreateFolder(parent);
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }
#endif
        Directory.CreateDirectory(path);
    }

    /// <summary>Gives a file that takes another one's place the rights that the other one has: somebody may have set them.</summary>
    public static void Keep(string existing, string replacement)
    {
#if NET
        if (!OperatingSystem.IsWindows() && File.Exists(existing)) File.SetUnixFileMode(replacement, File.GetUnixFileMode(existing));
#endif
    }

    /// <summary>Takes from all but the owner what rights they have to a file.</summary>
    public static void Restrict(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0) File.SetUnixFileMode(path, OwnerOnly);
#endif
    }
}
